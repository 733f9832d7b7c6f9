import type { DataSource } from 'typeorm';
import { ROUTES } from '#libs/contracts';
import { REPEATED_COMMIT } from './seed.js';

/** One kind of request, in all of the ways that are asked. */
export interface Asked {
  readonly what: string;
  /** Different ones after each other, so that no page is asked for twice in a row. */
  readonly paths: readonly string[];
}

const SAMPLES = 16;

interface Sample {
  readonly id: string;
  readonly proposal: string;
  readonly commit: string;
  readonly builder: string;
  readonly operator: string;
  readonly digest: string;
  readonly cluster: string;
  readonly attestation: string;
  readonly index: number;
  readonly at: string;
}

/** Picks rounds all over the database, and asks for each list and look-up with what is in them. */
export async function sampledRequests(dataSource: DataSource): Promise<readonly Asked[]> {
  const samples = await dataSource.query<Sample[]>(
    `SELECT round."id", round."proposal_id" AS "proposal", substr(round."release", 4) AS "commit",
       seat."builder", seat."operator", own."digest", entry."envelope_sha256" AS "attestation",
       own."verdict_index" || '-' || own."position" AS "cluster", seat."result_index"::float8 AS "index",
       to_char(entry."logged_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "at"
     FROM (SELECT *, row_number() OVER (ORDER BY "opened_at") AS "place", count(*) OVER () AS "all"
       FROM "round" WHERE "proposal_id" IS NOT NULL) round
     CROSS JOIN LATERAL (SELECT * FROM "round_builder" seat WHERE seat."round" = round."id"
       ORDER BY seat."builder" LIMIT 1) seat
     JOIN "log_entry" entry ON entry."index" = seat."result_index"
     CROSS JOIN LATERAL (SELECT * FROM "artifact_cluster" own WHERE own."round" = round."id"
       ORDER BY own."position" LIMIT 1) own
     WHERE round."place" % greatest(round."all" / ${SAMPLES}, 1) = 0 ORDER BY round."place" LIMIT ${SAMPLES}`,
  );
  const each = (what: string, path: (sample: Sample) => string): Asked => ({
    ...{ what, paths: samples.map((sample) => `/${path(sample)}`) },
  });
  const { rounds, proposals, attestations, builders } = ROUTES;
  return [
    each('rounds', ({ id }) => `${rounds}?before=${id}`),
    each('rounds, first page', () => `${rounds}?limit=20`),
    each('rounds by commit', ({ commit }) => `${rounds}?commit=${commit}`),
    each('rounds by commit, many', ({ id }) => `${rounds}?commit=${REPEATED_COMMIT}&before=${id}`),
    each('rounds by proposal', ({ proposal }) => `${rounds}?proposal=${proposal}`),
    each('rounds by phase', ({ id }) => `${rounds}?phase=final&before=${id}`),
    each('rounds by phase, few', () => `${rounds}?phase=open`),
    each('rounds by outcome', ({ id }) => `${rounds}?outcome=not-reproduced&before=${id}`),
    each('rounds by operator', ({ id, operator }) => `${rounds}?operator=${operator}&before=${id}`),
    each('rounds by builder', ({ id, builder }) => `${rounds}?builder=${builder}&before=${id}`),
    each('rounds of nobody', () => `${rounds}?builder=nobody`),
    each('proposals', ({ proposal }) => `${proposals}?before=${proposal}`),
    each('releases', ({ id }) => `v1/releases?before=${id}`),
    each('artifacts', ({ cluster }) => `v1/artifacts?before=${cluster}`),
    each('artifacts by digest', ({ digest }) => `v1/artifacts?digest=${digest}`),
    each('artifacts by name', ({ cluster }) => {
      return `v1/artifacts?name=guestos/update-img&before=${cluster}`;
    }),
    each('artifacts by verdict', ({ cluster }) => `v1/artifacts?verdict=split&before=${cluster}`),
    each('artifacts by commit', ({ commit }) => `v1/artifacts?commit=${commit}`),
    each('attestations', ({ index }) => `${attestations}?before=${index}`),
    each('attestations by builder', ({ builder, index }) => {
      return `${attestations}?builder=${builder}&before=${index}`;
    }),
    each('attestations by operator', ({ operator, index }) => {
      return `${attestations}?operator=${operator}&before=${index}`;
    }),
    each('attestations by commit', ({ commit }) => `${attestations}?commit=${commit}`),
    each('attestations by commit, many', () => `${attestations}?commit=${REPEATED_COMMIT}`),
    each('attestations by round', ({ id }) => `${attestations}?round=${id}`),
    each('attestations by digest', ({ digest }) => `${attestations}?digest=${digest}`),
    each('attestations by artifact', ({ index }) => {
      return `${attestations}?artifact=guestos/update-img&before=${index}`;
    }),
    each('attestations by verdict', ({ index }) => `${attestations}?verdict=split&before=${index}`),
    each('attestations by verdict, few', () => `${attestations}?verdict=source-unavailable`),
    each('attestations by kind', ({ index }) => `${attestations}?kind=result&before=${index}`),
    each(
      'attestations by kind, few',
      ({ index }) => `${attestations}?kind=verdict&before=${index}`,
    ),
    each('attestations by time', ({ at }) => `${attestations}?until=${at}`),
    each('attestations by time and builder', ({ at, builder }) => {
      return `${attestations}?since=2030-01-01T00:00:00Z&until=${at}&builder=${builder}`;
    }),
    each('attestations by index', ({ index }) => {
      return `${attestations}?fromIndex=${index - 50}&toIndex=${index}`;
    }),
    // With a query no answer is kept.
    each('attestation', ({ attestation }) => `${attestations}/${attestation}`),
    each("a builder's rounds", ({ builder, id }) => `${builders}/${builder}/rounds?before=${id}`),
    each("a builder's agreement", ({ builder }) => `${builders}/${builder}/agreement`),
    each('operators', () => 'v1/operators'),
    each('policies', () => 'v1/policies'),
  ];
}
