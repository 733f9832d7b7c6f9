import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS, type Operation } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { freshCommit, useQuorum } from '#libs/testing';
import { Config } from '../../../services/coordinator/src/config.js';
import { startCoordinator } from '../../../services/coordinator/src/coordinator.js';
import { exchange } from '../../api/exchange.js';
import { requestOf } from '../../api/requests.js';
import { makeWorld, WORLD_OPERATORS, type World } from '../../api/world.js';
import { fillBeside } from './fill.js';
import { OBSERVED, ObservedStatements } from './observed-statements.js';
import { sampledRequests } from './samples.js';
import { seedRounds } from './seed.js';
import { hasPlan, wholeReads } from './whole-reads.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: WORLD_OPERATORS,
});
const observed = new ObservedStatements();
const READS = OPERATIONS.filter(({ method }) => method === 'GET');
/** Of each list with its filters, so many pages. */
const PAGES = 2;
/** What is told without looking anything up. */
const SILENT = ['getLogKey', 'getWitnessKey', 'getPolicies', 'getOpenApi', 'getHealth'];
/** What is read whole on purpose, by operation: one narrow row a round, to count them for a scrape. */
const COUNTED: Readonly<Record<string, readonly string[]>> = { getMetrics: ['archived_round'] };
/** What the benchmark leaves out, by operation: it knows no groups. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  listAttestations: ['/v1/attestations?group=guild', '/v1/attestations?group=guild&before=1000'],
};
let world: World;
let asked: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  world = await makeWorld(quorum());
  const { dataSource } = quorum();
  await seedRounds(dataSource, { rounds: 3000, seats: 10 });
  // What is appended now has a checkpoint signed over all of it.
  await world.api.open({ commit: freshCommit() });
  await fillBeside(dataSource);
  asked = await samples();
  observed.start();
}, 120_000);
afterAll(async () => {
  observed.stop();
  await world.close();
});

/** What the benchmark asks for, by operation. */
async function samples(): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = await sampledRequests(quorum().dataSource);
  const paths = all.flatMap(({ paths }) => paths.slice(0, PAGES));
  const grouped = Map.groupBy(paths, (path) => READS.find((read) => answers(read, path))?.id ?? '');
  return new Map(grouped);
}

function answers({ path }: Operation, asked: string): boolean {
  const pattern = path.replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(asked.split('?', 1)[0] ?? '');
}

test('the benchmark asks for nothing but what the API has', () => {
  expect(asked.get('')).toBeUndefined();
});

test.for(READS.map((read) => [read.id, read] as const))(
  '%s reads no table whole that grows',
  async ([id, operation]) => {
    // A new operation has to be asked: `requestOf` fails where the world has nothing to ask it with.
    const good = requestOf(world, operation);
    const paths = [good.path, ...(asked.get(id) ?? []), ...(OTHERS[id] ?? [])];
    for (const path of paths) {
      await exchange(world.url, { ...good, path, headers: { ...good.headers, [OBSERVED]: id } });
    }
    const found: string[] = [];
    for (const statement of observed.of(id).filter(hasPlan)) {
      const read = await wholeReads(quorum().dataSource, statement);
      const tables = read.filter((table) => COUNTED[id]?.includes(table) !== true);
      if (tables.length > 0) found.push(`${tables.join(', ')}: ${statement.text}`);
    }
    expect(found).toEqual([]);
  },
);

test('all others were seen to ask the database', () => {
  const silent = READS.filter(({ id }) => observed.of(id).length === 0).map(({ id }) => id);
  expect(silent).toEqual(SILENT);
});
