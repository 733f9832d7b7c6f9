import type { EntityManager } from 'typeorm';

/**
 * SQL that tells of a row called `round` whether another round on its release was opened before its
 * verdict. Open ones count as well: whoever shops for a verdict opens the next round before this one has
 * its own. One that is opened after it is flagged itself, and alters nothing of what was signed; the
 * replay of a bundle counts alike (`libs/evidence`). Experiments and calibrations have no verdict.
 */
export const IS_REPEATED = `EXISTS (SELECT 1 FROM "round" other
  WHERE other."release" = round."release" AND other."id" <> round."id"
    AND (round."verdict_index" IS NULL OR other."open_index" < round."verdict_index")
    AND other."open"->'experiment' IS NULL AND other."open"->'calibration' IS NULL)`;

/** Picks those of some rounds that carry the flag `repeated`. */
export async function readRepeated(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT round."id" FROM "round" round WHERE round."id" = ANY($1) AND ${IS_REPEATED}`,
    [rounds],
  );
  return new Set(rows.map(({ id }) => id));
}
