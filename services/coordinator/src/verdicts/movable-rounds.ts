import type { EntityManager } from 'typeorm';

/**
 * Picks the rounds that may be able to make their next move. Most envelopes only bring a round nearer
 * to it: for those, all the others need not be read again.
 */
export async function movableRounds(
  manager: EntityManager,
  rounds: readonly string[],
  now: Date,
): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT round."id" FROM "round" round
     WHERE round."id" = ANY($1) AND round."phase" <> 'final' AND (
       round."due_at" <= $2 OR NOT EXISTS (
         SELECT 1 FROM "round_builder" seat WHERE seat."round" = round."id" AND
           CASE round."phase"
             WHEN 'open' THEN seat."commitment" IS NULL AND seat."decline_index" IS NULL
             ELSE seat."commitment" IS NOT NULL AND NOT seat."is_late" AND NOT seat."is_counted"
           END))
     ORDER BY round."id"`,
    [rounds, now],
  );
  return rows.map(({ id }) => id);
}
