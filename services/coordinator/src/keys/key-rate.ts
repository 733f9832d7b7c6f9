import { HttpStatus } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeyHistory, Operator } from '#libs/attestation';
import { ProblemError } from '#libs/platform';
import { firstKeyRecordSince } from './key-records.js';

/** Sets of keys that one operator may bring within a day: more than any has machines. */
const MAX_SETS = 32;
const DAY_MS = 86_400_000;

/**
 * Refuses another enrolment or rotation by an operator who brought as many within a day as anybody may:
 * the log is for ever, and everybody reads all of it. Revocations need no bound of their own, as a set
 * of keys has at most two, and are never kept waiting. A record that a restore brought back counts from
 * then on. The caller holds the log's lock.
 *
 * @throws ProblemError too-many-keys
 */
export async function requireRoom(
  manager: EntityManager,
  { lives }: KeyHistory,
  { id, publicKey }: Operator,
  now: Date,
): Promise<void> {
  const first = await firstKeyRecordSince(manager, new Date(now.getTime() - DAY_MS));
  if (first === null) return;
  const recent = [...lives.values()].filter(
    ({ operator, bornAt }) => operator.publicKey === publicKey && bornAt >= first,
  );
  if (recent.length < MAX_SETS) return;
  throw new ProblemError(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-keys',
    `operator ${id} brought ${recent.length} sets of keys within a day, and at most ${MAX_SETS} are taken: submit it again a day later; revocations are taken at any time`,
  );
}
