import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CommitSubmitted, DeclineSubmitted, ResultSubmitted, SUBJECTS } from '#libs/contracts';
import { JETSTREAM, receive, type Delivery } from '#libs/messaging';
import { IngestService } from './ingest.service.js';

/** What builders submit, as JetStream delivers it. */
@Controller()
export class IngestController {
  constructor(private readonly ingest: IngestService) {}

  @EventPattern(SUBJECTS.commitSubmitted, JETSTREAM)
  commitSubmitted(@Payload() data: unknown): Promise<Delivery> {
    return receive(CommitSubmitted, data, ({ envelope }) => this.ingest.take('commit', envelope));
  }

  @EventPattern(SUBJECTS.declined, JETSTREAM)
  declined(@Payload() data: unknown): Promise<Delivery> {
    return receive(DeclineSubmitted, data, ({ envelope }) => this.ingest.take('decline', envelope));
  }

  @EventPattern(SUBJECTS.resultSubmitted, JETSTREAM)
  resultSubmitted(@Payload() data: unknown): Promise<Delivery> {
    return receive(ResultSubmitted, data, ({ envelope, ...shown }) =>
      this.ingest.take('result', envelope, shown),
    );
  }
}
