import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import {
  buildCancelStatement,
  signStatement,
  type CancelReason,
  type Signer,
} from '#libs/attestation';
import { CancelAnswer, SUBJECTS } from '#libs/contracts';
import { askBuilder, MessagingError } from '#libs/messaging';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import { LogService } from '../log/log.service.js';
import { NATS, SIGNER } from '../tokens.js';

/** An agent gives a build ten seconds to end by itself, and then some to end the rest. */
const ANSWER_TIMEOUT_MS = 40_000;

/** Has builders stop what they build. */
@Injectable()
export class BuildCancelService {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SIGNER) private readonly signer: Signer,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly acts: AdminActs,
    private readonly log: LogService,
  ) {}

  /**
   * Orders a builder to stop building for a round, and waits until nothing of the build is left. It is
   * an order and no evidence: it takes away no vote that was committed to. That it was given is logged.
   *
   * @throws ProblemError builder-away where its agent does not listen, or says nothing in time
   */
  async cancel(
    builder: string,
    round: string,
    reason: z.infer<typeof CancelReason>,
  ): Promise<CancelAnswer> {
    const at = new Date().toISOString();
    await this.dataSource.transaction(async (manager) => {
      const detail = { builder, reason };
      await this.acts.record(manager, { act: 'build-cancel', subject: `round/${round}`, detail });
    });
    await this.log.publish();
    const order = signStatement(buildCancelStatement({ round, builder, reason, at }), this.signer);
    try {
      const answer = await askBuilder(this.nats, {
        ...{ subject: SUBJECTS.cancel, builder, body: JSON.stringify({ order }) },
        timeoutMs: ANSWER_TIMEOUT_MS,
      });
      return CancelAnswer.parse(answer.json());
    } catch (cause) {
      if (!(cause instanceof MessagingError)) throw cause;
      throw new ProblemError(
        HttpStatus.GATEWAY_TIMEOUT,
        'builder-away',
        `${cause.message}: its heartbeats tell whether it runs`,
        { cause },
      );
    }
  }
}
