import type { EntityManager } from 'typeorm';
import { BuildLogEntity } from '#libs/persistence';

/** The log of one build, by what its builder's result says of it. */
export interface NamedLog {
  readonly round: string;
  readonly builder: string;
  readonly sha256: string;
}

/** A log that a coordinator is about to ask for. */
export interface ClaimedLog extends NamedLog {
  /** How often it was asked for, this time included. */
  readonly attempts: number;
}

/** A builder shows nothing before it has the receipt of its result. */
const RECEIPT_MS = 1_000;

/** Has logs asked for, in the transaction that logs the results which name them. */
export async function noteBuildLogs(
  manager: EntityManager,
  named: readonly NamedLog[],
  now: Date,
): Promise<void> {
  if (named.length === 0) return;
  const dueAt = new Date(now.getTime() + RECEIPT_MS);
  await manager.insert(
    BuildLogEntity,
    named.map((log) => ({ ...log, state: 'awaited' as const, dueAt })),
  );
}

/** Takes logs that are due; until `leasedUntil` no other coordinator asks for them. */
export async function claimLogs(
  manager: EntityManager,
  { now, leasedUntil, limit }: { now: Date; leasedUntil: Date; limit: number },
): Promise<readonly ClaimedLog[]> {
  const [rows] = await manager.query<[ClaimedLog[], number]>(
    `UPDATE "build_log" AS log SET "due_at" = $2, "attempts" = log."attempts" + 1
     FROM (SELECT "round", "builder" FROM "build_log" WHERE "due_at" <= $1
           ORDER BY "due_at" LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
     WHERE log."round" = due."round" AND log."builder" = due."builder"
     RETURNING log."round", log."builder", log."sha256", log."attempts"`,
    [now, leasedUntil, limit],
  );
  return rows;
}

/** Keeps what came of asking for a log. */
export async function keepLog(
  manager: EntityManager,
  { round, builder }: NamedLog,
  came: Pick<BuildLogEntity, 'state' | 'dueAt'> &
    Partial<Pick<BuildLogEntity, 'reason' | 'sizeBytes' | 'body' | 'storedAt'>>,
): Promise<void> {
  await manager.update(BuildLogEntity, { round, builder }, came);
}
