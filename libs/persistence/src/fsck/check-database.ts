import type { EntityManager } from 'typeorm';
import { checkCosignatures, checkLinks } from './check-beside.js';
import { checkLog, type LogCheckRequest } from './check-log.js';
import { checkRounds } from './check-rounds.js';
import type { DatabaseCheck } from './log-finding.js';

/** A whole database, and the key of its log. */
export interface DatabaseCheckRequest extends LogCheckRequest {
  /** The log's 32 raw bytes: the coordinator signs its own words with the same key. */
  readonly publicKey: Uint8Array;
}

/**
 * Verifies everything that is stored: the log as checkLog does, then every projection of it, the
 * witnesses' lines and the links. Stops at the first thing wrong; has to run in a transaction that
 * sees one state (REPEATABLE READ).
 */
export async function checkDatabase(
  manager: EntityManager,
  request: DatabaseCheckRequest,
): Promise<DatabaseCheck> {
  const none = { rounds: 0, cosignatures: 0, links: 0 };
  const log = { ...none, ...(await checkLog(manager, request)) };
  if (log.finding !== null) return log;
  const rounds = { ...log, ...(await checkRounds(manager, request.publicKey)) };
  if (rounds.finding !== null) return rounds;
  const cosignatures = { ...rounds, ...(await checkCosignatures(manager)) };
  if (cosignatures.finding !== null) return cosignatures;
  return { ...cosignatures, ...(await checkLinks(manager)) };
}
