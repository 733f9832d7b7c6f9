import type { AttestationListQuery } from '#libs/contracts';
import { conditions, named, Values, type Query } from './query.js';

/** One entry of the log as a list reads it. */
export interface AttestationRow {
  readonly attestation: string;
  readonly index: number;
  readonly kind: string;
  readonly round: string | null;
  readonly release: string | null;
  readonly builder: string | null;
  readonly operator: string | null;
  readonly loggedAt: Date | null;
}

/**
 * Filters for which a plan for any value is good for each. A kind or a verdict may be rare, and then
 * nothing but its own plan finds it without going through the log.
 */
const EVEN = new Set(['builder', 'operator', 'commit', 'round', 'digest']);

/** Finds out whether there is such an entry. */
export function entryExistsQuery(index: number): Query {
  return {
    name: 'entry-exists',
    text: 'SELECT 1 FROM "log_entry" WHERE "index" = $1',
    values: [index],
  };
}

/**
 * Reads a page of the log and one more, the newest entry first; `below` is a log index, `members` are the
 * operators of the group that is asked for.
 */
export function attestationQuery(
  asked: AttestationListQuery,
  below: number | null,
  members: readonly string[] | null = null,
): Query {
  const values = new Values();
  const limit = values.of(asked.limit + 1);
  const where = [
    ...placeConditions(asked, below, values),
    ...ownConditions(asked, values),
    ...(members === null ? [] : [seatedFor(`ANY (${values.of(members)}::text[])`)]),
  ];
  return {
    ...named('attestations', asked, { among: EVEN, isBelow: below !== null }),
    text: `SELECT entry."envelope_sha256" AS "attestation", entry."index"::float8 AS "index",
        entry."kind", entry."round", round."release", entry."builder", seat."operator",
        entry."logged_at" AS "loggedAt"
      FROM (${pickedText(asked, members, where, values, limit)}) picked
      -- Looked up entry by entry: how many a page has, a plan for any values cannot know.
      CROSS JOIN LATERAL (SELECT * FROM "log_entry" own WHERE own."index" = picked."index" OFFSET 0) entry
      LEFT JOIN LATERAL (SELECT "release" FROM "round" own
        WHERE own."id" = entry."round" OFFSET 0) round ON true
      LEFT JOIN LATERAL (SELECT "operator" FROM "round_builder" own
        WHERE own."round" = entry."round" AND own."builder" = entry."builder" OFFSET 0) seat ON true
      ORDER BY picked."index" DESC`,
    values: values.all,
  };
}

/**
 * Picks indices of entries by the narrowest filter that there is: the results that a cluster names; or of each
 * round of a release, of each builder of an operator or of a group's, as many as a page has; or the log, from its end.
 */
function pickedText(
  { digest, artifact, commit, operator }: AttestationListQuery,
  members: readonly string[] | null,
  where: readonly string[],
  values: Values,
  limit: string,
): string {
  const page = `ORDER BY entry."index" DESC LIMIT ${limit}`;
  const from = 'SELECT entry."index" FROM';
  if (digest !== undefined) {
    const named = artifact === undefined ? '' : `AND own."artifact" = ${values.of(artifact)}`;
    return `${from} (SELECT DISTINCT result."index" FROM "artifact_cluster" own
        CROSS JOIN LATERAL unnest(own."results") AS result("index")
        WHERE own."digest" = ${values.of(digest)} ${named}
        ORDER BY result."index" DESC) result
      JOIN "log_entry" entry ON entry."index" = result."index" ${conditions('WHERE', where)}
      ORDER BY result."index" DESC LIMIT ${limit}`;
  }
  if (commit !== undefined) {
    const own = `FROM "log_entry" entry WHERE entry."round" = opened."id" ${conditions('AND', where)}
      ORDER BY entry."index" DESC LIMIT`;
    // A page of n entries is of the n rounds whose newest entries are the newest.
    return `${from} (SELECT opened."id" FROM "round" opened
        CROSS JOIN LATERAL (SELECT entry."index" ${own} 1) newest
        WHERE opened."release" = ${values.of(`ic/${commit}`)}
        ORDER BY newest."index" DESC LIMIT ${limit}) opened
      CROSS JOIN LATERAL (SELECT entry."index" ${own} ${limit}) entry ${page}`;
  }
  const builders =
    operator === undefined ? buildersOfAll(members, values) : buildersOf(values.of(operator));
  if (builders !== null) {
    return `${from} (${builders}) own CROSS JOIN LATERAL (
        SELECT entry."index" FROM "log_entry" entry
        WHERE entry."builder" = own."builder" ${conditions('AND', where)} ${page}) entry
      ${page}`;
  }
  return `${from} "log_entry" entry ${conditions('WHERE', where)} ${page}`;
}

/** Builders that some round had as one of these operators'. */
function buildersOfAll(operators: readonly string[] | null, values: Values): string | null {
  if (operators === null) return null;
  return `SELECT DISTINCT built."builder"
    FROM unnest(${values.of(operators)}::text[]) AS named("operator")
    CROSS JOIN LATERAL (${buildersOf('named."operator"')}) built`;
}

/** Builders that some round had as this operator's, from one to the next through the index. */
function buildersOf(operator: string): string {
  return `WITH RECURSIVE "own" AS (
      (SELECT seat."builder" FROM "round_builder" seat WHERE seat."operator" = ${operator}
        ORDER BY seat."builder" LIMIT 1)
      UNION ALL
      SELECT (SELECT seat."builder" FROM "round_builder" seat
        WHERE seat."operator" = ${operator} AND seat."builder" > own."builder"
        ORDER BY seat."builder" LIMIT 1)
      FROM "own" own WHERE own."builder" IS NOT NULL
    ) SELECT "builder" FROM "own" WHERE "builder" IS NOT NULL`;
}

/** A look-up for each entry of the page, instead of a join with every seat that its builder had. */
function seatedFor(operator: string): string {
  return `EXISTS (SELECT 1 FROM "round_builder" sat WHERE sat."round" = entry."round"
      AND sat."builder" = entry."builder" AND sat."operator" = ${operator} OFFSET 0)`;
}

/** Where in the log: times never fall with the index, so that a moment is a place. */
function placeConditions(
  { fromIndex, toIndex, since, until }: AttestationListQuery,
  below: number | null,
  values: Values,
): string[] {
  const where: string[] = [];
  if (below !== null) where.push(`entry."index" < ${values.of(below)}::bigint`);
  if (fromIndex !== undefined) where.push(`entry."index" >= ${values.of(fromIndex)}::bigint`);
  if (toIndex !== undefined) where.push(`entry."index" < ${values.of(toIndex)}::bigint`);
  if (since !== undefined) where.push(`entry."index" >= ${firstAt(values.of(since))}`);
  if (until !== undefined) {
    where.push(`entry."index" < coalesce(${firstAt(values.of(until))}, 9223372036854775807)`);
  }
  return where;
}

function firstAt(moment: string): string {
  return `(SELECT dated."index" FROM "log_entry" dated WHERE dated."logged_at" >= ${moment}::timestamptz
    ORDER BY dated."logged_at", dated."index" LIMIT 1)`;
}

function ownConditions(asked: AttestationListQuery, values: Values): string[] {
  const { builder, round, kind, operator, digest, artifact, verdict } = asked;
  const where: string[] = [];
  if (builder !== undefined) where.push(`entry."builder" = ${values.of(builder)}`);
  if (round !== undefined) where.push(`entry."round" = ${values.of(round)}`);
  if (kind !== undefined) where.push(`entry."kind" = ${values.of(kind)}`);
  if (operator !== undefined) {
    where.push(seatedFor(values.of(operator)));
  }
  if (artifact !== undefined && digest === undefined) {
    const name = values.of(artifact);
    // By the round alone the planner may begin with a rare artifact; which results counted is looked at then.
    where.push(`entry."kind" = 'result' AND entry."round" IN
        (SELECT held."round" FROM "artifact_cluster" held WHERE held."artifact" = ${name})
      AND EXISTS (SELECT 1 FROM "artifact_cluster" counted
        WHERE counted."round" = entry."round" AND counted."artifact" = ${name}
          AND entry."index" = ANY (counted."results") OFFSET 0)`);
  }
  if (verdict !== undefined) {
    where.push(`EXISTS (SELECT 1 FROM "round_summary" told WHERE told."round" = entry."round"
      AND told."verdicts" @> ARRAY[${values.of(verdict)}])`);
  }
  return where;
}
