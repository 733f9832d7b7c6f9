import { In, type EntityManager } from 'typeorm';
import { parseEnvelope, type Envelope } from '#libs/attestation';
import { LogEntryEntity, PersistenceError, readBodies, RoundEntity } from '#libs/persistence';
import { findOpen, type LoadedRound } from '../rounds/round-store.js';
import {
  verifyAnswer,
  type AnsweredVerdict,
  type Opener,
  type VerdictAnswer,
} from './verdict-answer.js';

const KINDS = ['countersignature', 'refusal'] as const;

/** A decided round and what its builders have said of the verdict, in log order. */
export interface RoundAnswers extends AnsweredVerdict {
  readonly answers: readonly VerdictAnswer[];
}

/** Reads a round's verdict; null while it has none, and where the round is not known. */
export async function loadVerdict(
  manager: EntityManager,
  round: string,
): Promise<AnsweredVerdict | null> {
  const row = await manager.findOneBy(RoundEntity, { id: round });
  const open = await findOpen(manager, round);
  if (row === null || open === null || row.verdictIndex === null) return null;
  const entry = await manager.findOneByOrFail(LogEntryEntity, { index: row.verdictIndex });
  const [verdict] = await envelopesOf(manager, [entry]);
  return verdict === undefined ? null : { round, open, verdict };
}

/** Reads what was answered to a round's verdict; null while it has none. */
export async function loadAnswers(
  manager: EntityManager,
  round: string,
): Promise<RoundAnswers | null> {
  const decided = await loadVerdict(manager, round);
  if (decided === null) return null;
  const envelopes = await envelopesOf(manager, await answersOf(manager, round));
  // Verified again on every read: a row that was tampered with must not become an answer.
  return { ...decided, answers: envelopes.map((envelope) => verifyAnswer(envelope, decided)) };
}

/**
 * The same of a round that was read already, in fewer queries; `openBy` need not verify anew what it
 * has verified as these very bytes.
 */
export async function answersTo(
  manager: EntityManager,
  { row, open }: Pick<LoadedRound, 'row' | 'open'>,
  openBy: Opener,
): Promise<readonly VerdictAnswer[] | null> {
  const { id: round, verdictIndex } = row;
  if (verdictIndex === null) return null;
  const [[verdictEntry], entries] = await Promise.all([
    manager.findBy(LogEntryEntity, { index: verdictIndex }),
    answersOf(manager, round),
  ]);
  if (verdictEntry === undefined) {
    throw new PersistenceError('LOG_CORRUPT', `leaf ${verdictIndex}, a verdict, is not stored`);
  }
  const [verdict, ...envelopes] = await envelopesOf(manager, [verdictEntry, ...entries]);
  if (verdict === undefined) return null;
  return envelopes.map((envelope) => verifyAnswer(envelope, { round, open, verdict }, openBy));
}

async function answersOf(manager: EntityManager, round: string): Promise<LogEntryEntity[]> {
  return manager.find(LogEntryEntity, {
    where: { round, kind: In([...KINDS]) },
    order: { index: 'ASC' },
  });
}

/** Tells whether a builder has answered already. */
export async function hasAnswered(
  manager: EntityManager,
  round: string,
  builder: string,
): Promise<boolean> {
  return manager.existsBy(LogEntryEntity, { round, builder, kind: In([...KINDS]) });
}

async function envelopesOf(
  manager: EntityManager,
  entries: readonly LogEntryEntity[],
): Promise<readonly Envelope[]> {
  const ids = entries.map(({ envelopeSha256 }) => envelopeSha256);
  const bodies = await readBodies(manager, ids);
  return entries.map(({ index, envelopeSha256 }) => {
    const body = bodies.get(envelopeSha256);
    if (body !== undefined) return parseEnvelope(body);
    throw new PersistenceError('LOG_CORRUPT', `the envelope of leaf ${index} is not stored`);
  });
}
