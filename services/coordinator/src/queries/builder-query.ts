import type { BuilderHistoryQuery, OperatorListQuery } from '#libs/contracts';
import { Values, type Query } from './query.js';
import { ROUND_ONLY, type RoundRow } from './round-query.js';

/** A builder's seat in one round. */
export interface HistoryRow extends Omit<RoundRow, 'eligible' | 'purpose' | 'artifacts'> {
  readonly operator: string;
  readonly commitIndex: number | null;
  readonly resultIndex: number | null;
  readonly standing: string | null;
}

const OPERATOR_BUILDERS = 100;

/** Reads a page of a builder's rounds and one more, the newest invitation first; `below` is a round's id. */
export function historyQuery(
  builder: string,
  { limit }: BuilderHistoryQuery,
  below: string | null,
): Query {
  const values = new Values();
  const name = values.of(builder);
  const own = `seat."builder" = ${name} AND seat."invited_at" IS NOT NULL`;
  const from = below === null ? '' : `AND ${belowSeat(name, values.of(below))}`;
  return {
    name: below === null ? 'history' : 'history-below',
    text: `SELECT ${ROUND_ONLY}, told."outcome", seat."operator", seat."commit_index"::float8 AS "commitIndex",
        seat."result_index"::float8 AS "resultIndex", stood."standing"
      FROM (SELECT * FROM "round_builder" seat WHERE ${own} ${from}
        ORDER BY seat."invited_at" DESC, seat."round" DESC LIMIT ${values.of(limit + 1)}) seat
      JOIN "round" round ON round."id" = seat."round"
      LEFT JOIN "round_standing" stood
        ON stood."round" = seat."round" AND stood."builder" = seat."builder"
      LEFT JOIN "round_summary" told ON told."round" = seat."round"
      ORDER BY seat."invited_at" DESC, seat."round" DESC`,
    values: values.all,
  };
}

function belowSeat(builder: string, round: string): string {
  return `(seat."invited_at", seat."round") < ((SELECT place."invited_at" FROM "round_builder" place
    WHERE place."round" = ${round} AND place."builder" = ${builder}), ${round})`;
}

/** Finds out whether a builder has a seat in a round. */
export function seatExistsQuery(builder: string, round: string): Query {
  return {
    name: 'seat-exists',
    text: 'SELECT 1 FROM "round_builder" WHERE "round" = $1 AND "builder" = $2',
    values: [round, builder],
  };
}

/** Finds a builder in the registry, or in any round. */
export function knownBuilderQuery(builder: string): Query {
  return {
    text: `SELECT 1 FROM "builder" WHERE "id" = $1
      UNION ALL SELECT 1 FROM "round_builder" WHERE "builder" = $1 LIMIT 1`,
    values: [builder],
  };
}

/** Counts what became of a builder in all decided rounds. */
export function agreementQuery(builder: string): Query {
  return {
    name: 'agreement',
    text: `SELECT "standing", count(*)::int AS "rounds" FROM "round_standing"
      WHERE "builder" = $1 GROUP BY "standing"`,
    values: [builder],
  };
}

/**
 * Reads a page of operators and one more, by name, each with its builders. Goes from name to name
 * through the index: an operator has thousands of seats.
 */
export function operatorQuery({ limit, after }: OperatorListQuery): Query {
  return {
    name: 'operators',
    text: `WITH RECURSIVE "named" AS (
        (SELECT seat."operator" FROM "round_builder" seat WHERE seat."operator" > $1
          ORDER BY seat."operator" LIMIT 1)
        UNION ALL
        SELECT (SELECT seat."operator" FROM "round_builder" seat
          WHERE seat."operator" > named."operator" ORDER BY seat."operator" LIMIT 1)
        FROM "named" named WHERE named."operator" IS NOT NULL
      ), "page" AS (
        SELECT "operator" FROM "named" WHERE "operator" IS NOT NULL LIMIT $2
      )
      SELECT page."operator", own."builders", newest."round", newest."invited_at" AS "openedAt"
      FROM "page" page
      CROSS JOIN LATERAL (
        WITH RECURSIVE "built" AS (
          (SELECT seat."builder", 1 AS "place" FROM "round_builder" seat
            WHERE seat."operator" = page."operator" ORDER BY seat."builder" LIMIT 1)
          UNION ALL
          SELECT (SELECT seat."builder" FROM "round_builder" seat
            WHERE seat."operator" = page."operator" AND seat."builder" > built."builder"
            ORDER BY seat."builder" LIMIT 1), built."place" + 1
          FROM "built" built WHERE built."builder" IS NOT NULL AND built."place" < ${OPERATOR_BUILDERS}
        )
        SELECT array_agg("builder") AS "builders" FROM "built" WHERE "builder" IS NOT NULL
      ) own
      CROSS JOIN LATERAL (
        SELECT last."round", last."invited_at" FROM unnest(own."builders") AS built("builder")
        CROSS JOIN LATERAL (
          SELECT seat."round", seat."invited_at" FROM "round_builder" seat
          WHERE seat."operator" = page."operator" AND seat."builder" = built."builder"
          ORDER BY seat."operator" DESC, seat."builder" DESC, seat."invited_at" DESC LIMIT 1
        ) last ORDER BY last."invited_at" DESC LIMIT 1
      ) newest
      ORDER BY page."operator"`,
    values: [after, limit + 1],
  };
}
