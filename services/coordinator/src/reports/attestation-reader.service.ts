import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseEnvelope } from '#libs/attestation';
import type { LoggedAttestation, RoundAttestations } from '#libs/contracts';
import { LogEntryEntity, PersistenceError, readBodies } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { LogService } from '../log/log.service.js';

/** Logged envelopes with their receipts. */
@Injectable()
export class AttestationReaderService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
  ) {}

  /** Gives all entries of a round by log index; none for a round that is not known. */
  async ofRound(round: string): Promise<RoundAttestations> {
    const entries = await this.dataSource
      .getRepository(LogEntryEntity)
      .find({ where: { round }, order: { index: 'ASC' } });
    return { attestations: await Promise.all(entries.map((entry) => this.load(entry))) };
  }

  /**
   * Gives one envelope by its digest.
   *
   * @throws ProblemError no-such-attestation
   */
  async byDigest(envelopeSha256: string): Promise<LoggedAttestation> {
    const entry = await this.dataSource.getRepository(LogEntryEntity).findOneBy({ envelopeSha256 });
    if (entry !== null) return this.load(entry);
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-such-attestation',
      `envelope ${envelopeSha256} is not in the log`,
    );
  }

  private async load(entry: LogEntryEntity): Promise<LoggedAttestation> {
    const { envelopeSha256: digest } = entry;
    const body = (await readBodies(this.dataSource.manager, [digest])).get(digest);
    if (body === undefined) {
      throw new PersistenceError(
        'LOG_CORRUPT',
        `leaf ${entry.index} was signed, and is not stored`,
      );
    }
    return {
      envelope: parseEnvelope(body),
      index: entry.index,
      kind: entry.kind,
      builder: entry.builder,
      proof: await this.log.receipt(entry.index),
    };
  }
}
