import { beforeAll, describe, expect, test } from 'vitest';
import { useDataSource } from '#libs/testing';
import {
  artifactQuery,
  clusterPlaceQuery,
} from '../../../services/coordinator/src/queries/artifact-query.js';
import { attestationQuery } from '../../../services/coordinator/src/queries/attestation-query.js';
import {
  agreementQuery,
  historyQuery,
  operatorQuery,
  seatExistsQuery,
} from '../../../services/coordinator/src/queries/builder-query.js';
import { proposalQuery } from '../../../services/coordinator/src/queries/proposal-query.js';
import type { Query } from '../../../services/coordinator/src/queries/query.js';
import { releaseQuery } from '../../../services/coordinator/src/queries/release-query.js';
import {
  roundExistsQuery,
  roundQuery,
} from '../../../services/coordinator/src/queries/round-query.js';
import {
  movingQuery,
  summaryQuery,
} from '../../../services/coordinator/src/queries/summary-query.js';
import { REPEATED_COMMIT, seedRounds } from './seed.js';

const dataSource = useDataSource();
const limit = 20;
const DIGEST = 'ab'.repeat(32);
const BUILDER = 'bench-nobody';
const below = DIGEST;
const moment = '2030-01-03T00:00:00Z';
const none = { limit, before: undefined };

const QUERIES: Readonly<Record<string, Query>> = {
  rounds: roundQuery({ limit }, null),
  'rounds, a later page': roundQuery({ limit }, below),
  'rounds by commit': roundQuery({ limit, commit: REPEATED_COMMIT }, below),
  'rounds by proposal': roundQuery({ limit, proposal: '100007' }, null),
  'rounds by phase': roundQuery({ limit, phase: 'open' }, null),
  'rounds by outcome': roundQuery({ limit, outcome: 'not-reproduced' }, below),
  'rounds by operator': roundQuery({ limit, operator: 'operator-003' }, below),
  'rounds by builder': roundQuery({ limit, builder: BUILDER }, null),
  'the place of a round': roundExistsQuery(DIGEST),
  'summaries of rounds': summaryQuery([DIGEST]),
  'how far rounds have come': movingQuery([DIGEST]),
  releases: releaseQuery({ limit }, null),
  'releases, a later page': releaseQuery({ limit }, below),
  proposals: proposalQuery({ limit }, null),
  'proposals, a later page': proposalQuery({ limit }, '100200'),
  artifacts: artifactQuery({ limit }, null),
  'artifacts, a later page': artifactQuery({ limit }, { verdictIndex: 9000, position: 0 }),
  'artifacts by name': artifactQuery({ limit, name: 'hostos/update-img' }, null),
  'artifacts by digest': artifactQuery({ limit, digest: DIGEST }, null),
  'artifacts by commit': artifactQuery({ limit, commit: REPEATED_COMMIT }, null),
  'artifacts by verdict': artifactQuery({ limit, verdict: 'split' }, null),
  'the place of a cluster': clusterPlaceQuery({ verdictIndex: 9000, position: 0 }),
  attestations: attestationQuery(none, null),
  'attestations, a later page': attestationQuery(none, 9000),
  'attestations by builder': attestationQuery({ ...none, builder: BUILDER }, null),
  'attestations by operator': attestationQuery({ ...none, operator: 'operator-003' }, null),
  'attestations by commit': attestationQuery({ ...none, commit: REPEATED_COMMIT }, null),
  'attestations by commit and operator': attestationQuery(
    { ...none, commit: REPEATED_COMMIT, operator: 'operator-003' },
    null,
  ),
  'attestations by round': attestationQuery({ ...none, round: DIGEST }, null),
  'attestations by digest': attestationQuery({ ...none, digest: DIGEST }, null),
  'attestations by artifact': attestationQuery({ ...none, artifact: 'hostos/update-img' }, null),
  'attestations by artifact, unknown': attestationQuery({ ...none, artifact: 'no/such' }, null),
  'attestations by verdict': attestationQuery({ ...none, verdict: 'split' }, null),
  'attestations by verdict, rare': attestationQuery(
    { ...none, verdict: 'source-unavailable' },
    null,
  ),
  'attestations by kind': attestationQuery({ ...none, kind: 'result' }, null),
  'attestations by kind, rare': attestationQuery({ ...none, kind: 'refusal' }, null),
  'attestations by time': attestationQuery({ ...none, since: moment, until: moment }, null),
  'attestations by index': attestationQuery({ ...none, fromIndex: 100, toIndex: 200 }, null),
  "a builder's rounds": historyQuery(BUILDER, { limit }, null),
  "a builder's rounds, a later page": historyQuery(BUILDER, { limit }, below),
  'the place of a seat': seatExistsQuery(BUILDER, DIGEST),
  "a builder's agreement": agreementQuery(BUILDER),
  operators: operatorQuery({ limit, after: '' }),
};

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Tables that grow with every round or every entry. */
const BIG = new Set([
  ...['log_entry', 'log_node', 'envelope', 'round', 'round_builder', 'proposal'],
  ...['round_summary', 'round_standing', 'artifact_cluster'],
]);

function wholeReads({ 'Node Type': type, 'Relation Name': table, Plans = [] }: Plan): string[] {
  const own = type === 'Seq Scan' && table !== undefined && BIG.has(table) ? [table] : [];
  return [...own, ...Plans.flatMap(wholeReads)];
}

describe('on a database of a thousand rounds no big table is read whole', () => {
  beforeAll(async () => {
    await seedRounds(dataSource(), { rounds: 1000, seats: 10 });
  });

  test.for(Object.entries(QUERIES))('%s', async ([, { text, values }]) => {
    const [row] = await dataSource().query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `EXPLAIN (FORMAT JSON) ${text}`,
      [...values],
    );
    const plan = row!['QUERY PLAN'][0].Plan;
    expect(wholeReads(plan), JSON.stringify(plan, null, 1)).toEqual([]);
  });
});
