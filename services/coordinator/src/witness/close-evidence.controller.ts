import { Controller, Get, HttpStatus, Param, Query } from '@nestjs/common';
import { Sha256Text } from '#libs/attestation';
import { CloseEvidenceQuery, ROUTES, type CloseEvidence } from '#libs/contracts';
import { ProblemError, ZodPipe } from '#libs/platform';
import { CloseEvidenceService } from './close-evidence.service.js';

/** What a builder has to see before it shows its result, over HTTP. */
@Controller(ROUTES.rounds)
export class CloseEvidenceController {
  constructor(private readonly evidence: CloseEvidenceService) {}

  /** One checkpoint that holds the close and a builder's commit, with its proofs. */
  @Get(':round/close-evidence')
  async find(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Query(new ZodPipe(CloseEvidenceQuery)) query: CloseEvidenceQuery,
  ): Promise<CloseEvidence> {
    const found = await this.evidence.find({ round, ...query });
    if (found !== null) return found;
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-close-evidence',
      `no checkpoint covers a close of round ${round} and a commit of ${query.builder} in it, from size ${query.oldSize} on`,
    );
  }
}
