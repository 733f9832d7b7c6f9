import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseEnvelope } from '#libs/attestation';
import type { LoggedAttestation, RoundAttestations } from '#libs/contracts';
import {
  PersistenceError,
  readBodies,
  runPrepared,
  type LogEntryKind,
  type Prepared,
} from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { LogService } from '../log/log.service.js';

interface EntryRow {
  readonly index: number;
  readonly kind: LogEntryKind;
  readonly builder: string | null;
  readonly digest: string;
}

const ENTRIES = `SELECT "index"::float8 AS "index", "kind", "builder", "envelope_sha256" AS "digest"
  FROM "log_entry" WHERE`;
const OF_ROUND = { name: 'entries-of-round', text: `${ENTRIES} "round" = $1 ORDER BY "index"` };
const BY_DIGEST = { name: 'entry-by-digest', text: `${ENTRIES} "envelope_sha256" = $1` };

/** Logged envelopes with their receipts. */
@Injectable()
export class AttestationReaderService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
  ) {}

  /** Gives all entries of a round by log index; none for a round that is not known. */
  async ofRound(round: string): Promise<RoundAttestations> {
    return { attestations: await this.load(await this.find(OF_ROUND, round)) };
  }

  /**
   * Gives one envelope by its digest.
   *
   * @throws ProblemError no-such-attestation
   */
  async byDigest(envelopeSha256: string): Promise<LoggedAttestation> {
    const [attestation] = await this.load(await this.find(BY_DIGEST, envelopeSha256));
    if (attestation !== undefined) return attestation;
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-such-attestation',
      `envelope ${envelopeSha256} is not in the log`,
    );
  }

  private find(query: Prepared, value: string): Promise<readonly EntryRow[]> {
    return runPrepared<EntryRow>(this.dataSource.manager, query, [value]);
  }

  /** Reads what belongs to entries: for thousands as many queries as for one. */
  private async load(entries: readonly EntryRow[]): Promise<LoggedAttestation[]> {
    if (entries.length === 0) return [];
    const digests = entries.map(({ digest }) => digest);
    const [bodies, proofs] = await Promise.all([
      readBodies(this.dataSource.manager, digests),
      this.log.receipts(entries.map(({ index }) => index)),
    ]);
    return entries.map(({ index, kind, builder, digest }) => {
      const body = bodies.get(digest);
      if (body === undefined) {
        throw new PersistenceError('LOG_CORRUPT', `leaf ${index} was signed, and is not stored`);
      }
      return {
        ...{ envelope: parseEnvelope(body), index, kind, builder },
        proof: proofs.get(index) ?? null,
      };
    });
  }
}
