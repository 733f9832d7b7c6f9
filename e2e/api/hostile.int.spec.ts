import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, useQuorum } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { besiege } from './besiege.js';
import { makeWorld, WORLD_OPERATORS, type World } from './world.js';

const REQUESTS = 1_000;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: WORLD_OPERATORS,
  environment: { WRONG_TOKENS_PER_MINUTE: '1000000' },
});
let world: World;
beforeAll(async () => {
  world = await makeWorld(quorum());
});
afterAll(() => world.close());

test(`${REQUESTS} hostile requests are answered or refused, and none breaks anything`, async () => {
  const { url, params, token, weakToken } = world;
  const tally = await besiege(url, { params, tokens: [token, weakToken] }, REQUESTS);
  const sum = [...tally.values()].reduce((total, each) => total + each, 0);
  expect(sum).toBeGreaterThanOrEqual(REQUESTS);
  expect((await new CoordinatorClient(url).get('/readyz')).status).toBe(200);
});
