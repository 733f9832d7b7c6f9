import type { EntityManager } from 'typeorm';
import {
  commitmentOf,
  parseEnvelope,
  parseStatement,
  unverifiedPayload,
  type Statement,
} from '#libs/attestation';
import type { Sha256 } from '#libs/encoding';
import { readBodies } from '../archive/read-bodies.js';
import type { LogEntryEntity } from '../entities/log-entry.entity.js';
import { PersistenceError } from '../error.js';

/** What a leaf says, read off its envelope and its entry; the columns beside them are not believed. */
export interface LoggedStatement {
  readonly index: number;
  readonly envelopeSha256: string;
  /** 32 raw bytes: the key in the leaf. */
  readonly publicKey: Uint8Array;
  readonly payload: Uint8Array;
  readonly statement: Statement;
  /** SHA-256 of the PAE: what a commit to this envelope promises. */
  readonly commitment: Sha256;
}

/** The key's 32 bytes are the end of the entry's SPKI. */
const PUBLIC_KEY_BYTES = 32;

/** Reads the key out of an entry without believing anything; null where there is none. */
export function keyInEntry(entry: Uint8Array): Uint8Array | null {
  const text = Buffer.from(entry).toString('utf8');
  const [, encoded] = /"rawBytes":"([A-Za-z0-9+/=]{16,128})"/.exec(text) ?? [];
  const spki = Buffer.from(encoded ?? '', 'base64');
  return spki.length > PUBLIC_KEY_BYTES ? new Uint8Array(spki.subarray(-PUBLIC_KEY_BYTES)) : null;
}

/**
 * Reads what an envelope in the log says. Its signature is not verified here.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, MALFORMED_STATEMENT
 * @throws PersistenceError LOG_CORRUPT for an entry without a key
 */
export function readLogged(
  index: number,
  { entry, envelopeSha256 }: Pick<LogEntryEntity, 'entry' | 'envelopeSha256'>,
  body: string,
): LoggedStatement {
  const publicKey = keyInEntry(entry);
  if (publicKey === null) {
    throw new PersistenceError('LOG_CORRUPT', `the entry of leaf ${index} names no key`);
  }
  const envelope = parseEnvelope(body);
  const payload = unverifiedPayload(envelope);
  return {
    ...{ index, envelopeSha256, publicKey, payload },
    statement: parseStatement(payload),
    commitment: commitmentOf(envelope),
  };
}

/** Fetches envelopes by the digests that entries name. */
export async function bodiesOf(
  manager: EntityManager,
  rows: readonly Pick<LogEntryEntity, 'envelopeSha256'>[],
): Promise<ReadonlyMap<string, string>> {
  return readBodies(
    manager,
    rows.map(({ envelopeSha256 }) => envelopeSha256),
  );
}
