import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startNats } from '#libs/embedded';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, createDatabase, eventually, useQuorum } from '#libs/testing';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});

test('a coordinator whose servers answer is alive and ready, and counts', async () => {
  const { api } = quorum();
  for (const path of ['/healthz', '/readyz']) {
    const response = await api.get(path);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  }
  const metrics = await api.get('/metrics');
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await metrics.text();
  expect(text).toContain('# TYPE quorum_envelopes_total counter');
  expect(text).toMatch(/^process_cpu_seconds_total\{service="coordinator"\} /m);
});

test('without NATS it stays alive, says promptly that it is not ready, and can be closed', async () => {
  const dataDir = join(quorum().directory, 'nats');
  const nats = await startNats({ dataDir, durable: false });
  const started = await quorum().start({ NATS_URL: nats.url });
  const api = new CoordinatorClient(started.url);
  expect((await api.get('/readyz')).status).toBe(200);
  await nats.stop();
  const before = performance.now();
  expect(await api.refused('GET', '/readyz')).toMatchObject({ status: 503, code: 'not-ready' });
  expect(performance.now() - before).toBeLessThan(4_000);
  expect((await api.get('/healthz')).status).toBe(200);
  await quorum().stop(started);
});

test('it survives a database that ends all connections, and is not ready while it is away', async () => {
  const database = await createDatabase();
  const started = await quorum().start({ DATABASE_URL: database.url });
  const api = new CoordinatorClient(started.url);
  expect((await api.get('/readyz')).status).toBe(200);
  await database.drop();
  const problem = await eventually(
    'a refusal',
    () => api.refused('GET', '/readyz'),
    ({ status }) => status === 503,
  );
  expect(problem).toMatchObject({ code: 'not-ready' });
  expect((await api.get('/healthz')).status).toBe(200);
  expect(await api.refused('GET', `/v1/rounds`)).toMatchObject({ status: 500, code: 'internal' });
  await quorum().stop(started);
});
