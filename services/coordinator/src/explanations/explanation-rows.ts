import type { EntityManager } from 'typeorm';
import type { ExplanationReport } from '#libs/contracts';
import { ExplanationEntity } from '#libs/persistence';
import { marksOf } from './explanation-marks.js';
import type { KeptComparison } from './kept-comparison.js';

/** A round that one coordinator looks at now. */
export interface ClaimedRound {
  readonly round: string;
  /** Looks so far, this one included. */
  readonly attempts: number;
  /** Up to when no other coordinator looks at it. */
  readonly leasedUntil: Date;
}

/** What a look came to. */
export interface LookedAt {
  readonly artifacts: readonly ExplanationReport[];
  readonly comparisons: readonly KeptComparison[];
  readonly isComplete: boolean;
}

/** Notes rounds that were decided; those that split are due at once. */
export async function noteDecided(
  manager: EntityManager,
  rounds: readonly { readonly round: string; readonly isSplit: boolean }[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO "explanation" ("round", "is_complete", "due_at")
     SELECT "round", NOT "split", CASE WHEN "split" THEN $1::timestamptz END
     FROM unnest($2::text[], $3::boolean[]) AS decided("round", "split")
     ON CONFLICT ("round") DO NOTHING`,
    [now, rounds.map(({ round }) => round), rounds.map(({ isSplit }) => isSplit)],
  );
}

/** Makes rounds due on which an experiment has ended: its outcome is to be taken in. */
export async function noteExperiments(
  manager: EntityManager,
  rounds: readonly string[],
  now: Date,
): Promise<void> {
  if (rounds.length === 0) return;
  await manager.query(
    `UPDATE "explanation" SET "due_at" = $1
     WHERE "round" = ANY($2) AND ("body" IS NOT NULL OR "due_at" IS NOT NULL)`,
    [now, rounds],
  );
}

/** Makes rows due for decided rounds that have none: those of older versions, and of a restored log. */
export async function noteForgotten(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `INSERT INTO "explanation" ("round", "due_at")
     SELECT round."id", $1 FROM "round" round WHERE round."phase" = 'final'
       AND NOT EXISTS (SELECT 1 FROM "explanation" told WHERE told."round" = round."id")
     ON CONFLICT ("round") DO NOTHING`,
    [now],
  );
}

/**
 * Takes rounds that are due and puts their time off in the same statement: another coordinator does not
 * look at them meanwhile, and does should this one die.
 */
export async function claimDue(
  manager: EntityManager,
  {
    now,
    leasedUntil,
    limit,
  }: { readonly now: Date; readonly leasedUntil: Date; readonly limit: number },
): Promise<readonly ClaimedRound[]> {
  const [rows] = await manager.query<[{ round: string; attempts: number }[], number]>(
    `UPDATE "explanation" SET "due_at" = $2, "attempts" = "attempts" + 1
     WHERE "round" IN (
       SELECT "round" FROM "explanation" WHERE "due_at" <= $1
       ORDER BY "due_at" LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING "round", "attempts"`,
    [now, leasedUntil, limit],
  );
  return rows.map((row) => ({ ...row, leasedUntil }));
}

/** A round has been taken for another look: what this one keeps would be older than what that one does. */
export class LookSuperseded extends Error {
  override readonly name = 'LookSuperseded';
}

/**
 * Keeps what is known so far; a transaction, after which nothing is answered as it was before.
 *
 * @throws LookSuperseded where a later look has begun, having kept nothing
 */
export async function keepExplanation(
  manager: EntityManager,
  { round, attempts }: ClaimedRound,
  { artifacts, comparisons, isComplete }: LookedAt,
  now: Date,
): Promise<void> {
  const row = {
    body: JSON.stringify(artifacts),
    comparisons: JSON.stringify(comparisons),
    marks: artifacts.flatMap(marksOf),
    isComplete,
    madeAt: now,
  };
  const { affected } = await manager.transaction((inner) =>
    inner.update(ExplanationEntity, { round, attempts }, row),
  );
  if (affected !== 1) throw new LookSuperseded(`a look after look ${attempts} has begun`);
}

/** Ends a look. What became due meanwhile, as by an experiment's outcome, stays due. */
export async function endLook(
  manager: EntityManager,
  { round, leasedUntil }: ClaimedRound,
  next: Date | null,
): Promise<void> {
  await manager.query(
    `UPDATE "explanation" SET "due_at" = $3 WHERE "round" = $1 AND "due_at" = $2`,
    [round, leasedUntil, next],
  );
}

/** Reads what was found between the bytes so far. */
export async function readComparisons(
  manager: EntityManager,
  round: string,
): Promise<{ readonly isTold: boolean; readonly comparisons: readonly KeptComparison[] }> {
  const row = await manager.findOneBy(ExplanationEntity, { round });
  const { body = null, comparisons = null } = row ?? {};
  return {
    isTold: body !== null,
    comparisons: comparisons === null ? [] : (JSON.parse(comparisons) as KeptComparison[]),
  };
}
