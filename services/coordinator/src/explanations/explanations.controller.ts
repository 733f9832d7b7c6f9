import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Sha256Text } from '#libs/attestation';
import { ROUTES, type RoundExplanation } from '#libs/contracts';
import { ProblemError, ZodPipe } from '#libs/platform';
import { readExplanation } from './read-explanation.js';

/** Why rounds split. */
@Controller(ROUTES.rounds)
export class ExplanationsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** All that is known of why a round split; more may come while `isComplete` is false. */
  @Get(':round/explanation')
  async explanation(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
  ): Promise<RoundExplanation> {
    const found = await readExplanation(this.dataSource.manager, round);
    if (found !== null) return found;
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-explanation',
      `round ${round} has no verdict that could be explained, or is not known here`,
    );
  }
}
