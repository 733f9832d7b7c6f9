import { HttpStatus } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ProblemError } from '#libs/platform';

/** Which rounds of which group. */
export interface GroupRoundsQuery {
  readonly group: string;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly before: string | undefined;
}

/** A page of round ids, newest first; `next` is null at the end. */
export interface RoundIds {
  readonly rounds: readonly string[];
  readonly next: string | null;
}

/** What is asked of PostgreSQL for one page; the index of rounds by group answers it. */
export const GROUP_ROUNDS = `
  SELECT "id" FROM "round"
  WHERE "open" -> 'groups' @> $1::jsonb AND ("opened_at", "id") < ($2, $3)
  ORDER BY "opened_at" DESC, "id" DESC LIMIT $4`;

/**
 * Lists the rounds that were opened for a group.
 *
 * @throws ProblemError bad-cursor
 */
export async function groupRoundsPage(
  manager: EntityManager,
  { group, limit, before }: GroupRoundsQuery,
): Promise<RoundIds> {
  const [at, id] = before === undefined ? ['infinity', ''] : await placeOf(manager, before);
  const rows = await manager.query<{ id: string }[]>(GROUP_ROUNDS, [
    JSON.stringify([{ group }]),
    at,
    id,
    limit + 1,
  ]);
  const rounds = rows.slice(0, limit).map((row) => row.id);
  return { rounds, next: rows.length > limit ? (rounds.at(-1) ?? null) : null };
}

async function placeOf(manager: EntityManager, round: string): Promise<readonly [Date, string]> {
  const [row] = await manager.query<{ at: Date }[]>(
    'SELECT "opened_at" AS "at" FROM "round" WHERE "id" = $1',
    [round],
  );
  if (row !== undefined) return [row.at, round];
  throw new ProblemError(
    HttpStatus.BAD_REQUEST,
    'bad-cursor',
    `round ${round} is not known here: expected the \`next\` of the page before`,
  );
}
