import type { ReleaseListQuery } from '#libs/contracts';
import { Values, type Query } from './query.js';
import { belowRound, ROUND_COLUMNS, type RoundRow } from './round-query.js';

/** A release's newest round, and how many there are. */
export interface ReleaseRow extends RoundRow {
  readonly rounds: number;
}

/** Reads a page of releases and one more, the one with the newest round first; `below` is a round's id. */
export function releaseQuery({ limit }: ReleaseListQuery, below: string | null): Query {
  const values = new Values();
  const from =
    below === null ? '' : `AND ${belowRound('round."opened_at", round."id"', values.of(below))}`;
  return {
    name: below === null ? 'releases' : 'releases-below',
    text: `SELECT ${ROUND_COLUMNS},
        (SELECT count(*)::int FROM "round" own WHERE own."release" = round."release") AS "rounds"
      FROM "round" round LEFT JOIN "round_summary" told ON told."round" = round."id"
      WHERE NOT EXISTS (SELECT 1 FROM "round" newer
        WHERE newer."release" = round."release"
          AND (newer."opened_at", newer."id") > (round."opened_at", round."id")
        -- As a join it would be made of all rounds; a page needs a few.
        OFFSET 0) ${from}
      ORDER BY round."opened_at" DESC, round."id" DESC LIMIT ${values.of(limit + 1)}`,
    values: values.all,
  };
}
