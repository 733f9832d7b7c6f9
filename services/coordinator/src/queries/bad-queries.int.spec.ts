import { describe, expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
});

describe('what is asked wrongly', () => {
  const ROUND = 'cd'.repeat(32);
  test.each([
    `/v1/rounds?before=${ROUND}`,
    `/v1/releases?before=${ROUND}`,
    '/v1/proposals?before=1',
    '/v1/proposals?before=no-id',
    '/v1/artifacts?before=1-0',
    '/v1/artifacts?before=99999999999999999999-0',
    '/v1/attestations?before=999999',
    '/v1/attestations?before=-1',
    `/v1/builders/nobody/rounds?before=${ROUND}`,
  ])('%s ends no page', async (path) => {
    const refused = await quorum().api.refused('GET', path);
    expect(refused).toMatchObject({ status: 400, code: 'bad-cursor' });
  });

  test.each([
    '/v1/rounds?limit=0',
    '/v1/rounds?outcome=good',
    '/v1/rounds?phase=closed',
    '/v1/rounds?proposal=x',
    '/v1/releases?limit=101',
    '/v1/proposals?limit=x',
    '/v1/artifacts?digest=ab',
    '/v1/artifacts?name=%00',
    '/v1/attestations?since=yesterday',
    '/v1/attestations?since=0000-01-01T00:00:00Z',
    '/v1/attestations?until=2026-01-01T00:00:00%2B23:59',
    '/v1/attestations?until=9999-12-31T23:59:59-00:01',
    '/v1/attestations?kind=vote',
    '/v1/attestations?fromIndex=-1',
    '/v1/attestations?before=%00',
    '/v1/operators?after=%00',
    '/v1/builders/N%00/rounds',
    '/v1/builders/no_such/agreement',
    `/v1/rounds/${ROUND}/environments?only=likenesses`,
    '/v1/attestations?group=%20',
  ])('%s is malformed', async (path) => {
    const refused = await quorum().api.refused('GET', path);
    expect(refused).toMatchObject({ status: 400, code: 'malformed-request' });
  });

  test('a round that nobody knows has no machines', async () => {
    const refused = await quorum().api.refused('GET', `/v1/rounds/${ROUND}/environments`);
    expect(refused).toMatchObject({ status: 404, code: 'no-such-round' });
  });
});
