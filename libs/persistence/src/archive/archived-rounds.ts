import type { EntityManager } from 'typeorm';
import { ArchivedRoundEntity } from '../entities/archived-round.entity.js';

/** Which final rounds go into an archive. */
export type ArchiveChoice =
  /** Those that were decided before. */
  | { readonly before: Date }
  /** All but so many of the newest. */
  | { readonly keep: number };

/**
 * Lists the final rounds of a choice, the oldest first. Not those that are in an archive alone, nor
 * those of which it is still being worked out why they split.
 */
export async function chooseArchivable(
  manager: EntityManager,
  choice: ArchiveChoice,
): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT "id" FROM (
       SELECT round."id", round."decided_at",
         row_number() OVER (ORDER BY round."decided_at" DESC, round."id") AS "age"
       FROM "round" round WHERE round."phase" = 'final') AS "final"
     WHERE ($1::timestamptz IS NULL OR "decided_at" < $1) AND ($2::int IS NULL OR "age" > $2)
       AND NOT EXISTS (SELECT 1 FROM "archived_round" done
         WHERE done."round" = "final"."id" AND done."pruned_at" IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM "explanation" told
         WHERE told."round" = "final"."id" AND told."due_at" IS NOT NULL)
     ORDER BY "decided_at", "id"`,
    ['before' in choice ? choice.before : null, 'keep' in choice ? choice.keep : null],
  );
  return rows.map(({ id }) => id);
}

/** Notes that a round lies in an archive, verified; again, that it lies in another one. */
export async function noteArchived(
  manager: EntityManager,
  row: Pick<ArchivedRoundEntity, 'round' | 'bundleSha256' | 'place' | 'archivedAt'>,
): Promise<void> {
  await manager.upsert(ArchivedRoundEntity, row, ['round']);
}

/** How long messages to builders may have to be sent once more, in days: as long as streams keep them. */
const RESEND_DAYS = 30;

/**
 * Takes the envelopes of archived rounds out of the database, and the messages that were sent of them.
 * Leaves, tree, checkpoints and cosignatures stay: every proof can still be given. The caller has
 * verified that the archive holds each leaf below `archivedSize`, and MUST own the tables: the service's
 * own role is refused, as it is refused every change of evidence.
 *
 * @returns how many envelopes went
 */
export async function pruneArchived(
  manager: EntityManager,
  rounds: readonly string[],
  { archivedSize, now }: { readonly archivedSize: number; readonly now: Date },
): Promise<number> {
  await manager.query('ALTER TABLE "envelope" DISABLE TRIGGER "envelope_append_only"');
  const [, gone] = await manager.query<[unknown[], number]>(
    `DELETE FROM "envelope" USING "log_entry" entry
     WHERE entry."envelope_sha256" = "envelope"."sha256" AND entry."round" = ANY($1)
       AND entry."index" < $2`,
    [rounds, archivedSize],
  );
  await manager.query('ALTER TABLE "envelope" ENABLE TRIGGER "envelope_append_only"');
  await manager.query(
    `DELETE FROM "outgoing" WHERE "round" = ANY($1) AND "sent_at" IS NOT NULL
       AND "created_at" < $2::timestamptz - interval '${RESEND_DAYS} days'`,
    [rounds, now],
  );
  await manager.query('UPDATE "archived_round" SET "pruned_at" = $2 WHERE "round" = ANY($1)', [
    rounds,
    now,
  ]);
  return gone;
}
