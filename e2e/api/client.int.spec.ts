import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, ApiError, createApiClient, type ApiClient } from '#libs/api-client';
import { Report } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { makeWorld, WORLD_OPERATORS, type World } from './world.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: WORLD_OPERATORS,
});
let world: World;
let client: ApiClient;
beforeAll(async () => {
  world = await makeWorld(quorum());
  client = createApiClient({ url: world.url, token: world.token });
});
afterAll(() => world.close());

test('the client finds a round by its list, reads its report, and opens another', async () => {
  const [round = ''] = world.params['round'] ?? [];
  const list = await answerOf(client.GET('/v1/rounds', { params: { query: { limit: 100 } } }));
  expect(list.rounds.map((each) => each.round)).toContain(round);
  const path = { round };
  const report = await answerOf(client.GET('/v1/rounds/{round}/report', { params: { path } }));
  expect(Report.parse(report).round?.round).toBe(round);
  const opened = await answerOf(client.POST('/v1/rounds', { body: { commit: 'ef'.repeat(20) } }));
  expect(opened.kind).toBe('opened');
});

test('what the coordinator refuses is one typed error', async () => {
  const params = { path: { round: 'ee'.repeat(32) } };
  await expect(client.GET('/v1/rounds/{round}/report', { params })).rejects.toMatchObject({
    ...{ name: 'ApiError', code: 'no-such-round', status: 404 },
  });
  const stranger = createApiClient({ url: world.url });
  await expect(stranger.GET('/v1/tokens')).rejects.toBeInstanceOf(ApiError);
});
