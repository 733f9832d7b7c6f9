import { Controller, Get, Param } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Sha256Text, type JointEnvelope } from '#libs/attestation';
import { ROUTES, SUBJECTS, VerdictAnswered } from '#libs/contracts';
import { JETSTREAM, receive, type Delivery } from '#libs/messaging';
import { ZodPipe } from '#libs/platform';
import { VerdictAnswersService } from './verdict-answers.service.js';

/** What builders say of verdicts, and the statement that they make of it together. */
@Controller(ROUTES.rounds)
export class VerdictAnswersController {
  constructor(private readonly answers: VerdictAnswersService) {}

  @EventPattern(SUBJECTS.verdictAnswered, JETSTREAM)
  verdictAnswered(@Payload() data: unknown): Promise<Delivery> {
    return receive(VerdictAnswered, data, (answered) => this.answers.take(answered));
  }

  /** The verdict under the signatures of everybody who has countersigned it so far. */
  @Get(':round/joint')
  joint(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<JointEnvelope> {
    return this.answers.joint(round);
  }
}
