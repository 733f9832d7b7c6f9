import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  declineStatement,
  signStatement,
  type DeclineReason,
  type Signer,
} from '#libs/attestation';
import { SIGNER } from '../tokens.js';
import { JobStoreService } from './job-store.service.js';

/** Signs and keeps this builder's word that it does not build for a round. */
@Injectable()
export class DeclineService {
  private readonly logger = new Logger(DeclineService.name);

  constructor(
    @Inject(SIGNER) private readonly signer: Signer,
    private readonly jobs: JobStoreService,
  ) {}

  /** Declines a round whose job is kept. Why exactly stays on this machine. */
  async decline(round: string, reason: DeclineReason, message?: string): Promise<void> {
    const declinedAt = new Date().toISOString();
    const statement = declineStatement({ round, builder: this.signer.id, reason, declinedAt });
    await this.jobs.decline(round, signStatement(statement, this.signer));
    const why = message === undefined ? '' : `: ${message}`;
    this.logger.warn(`round ${round.slice(0, 12)}: declined: ${reason}${why}`);
  }
}
