import { expect, test } from 'vitest';
import { COMMON_METRICS, faultsOf, readConfig } from '#libs/platform';
import { CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { COORDINATOR_METRICS } from './metric-table.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});

async function metricsOf(api: CoordinatorClient): Promise<string> {
  return (await api.get('/metrics')).text();
}

/** Name, type and help of each family that is served, but those of prom-client. */
function families(text: string): ReadonlyMap<string, { type: string; help: string }> {
  const helps = new Map(
    [...text.matchAll(/^# HELP (quorum_\S+) (.*)$/gm)].map(([, name = '', help = '']) => [
      name,
      help,
    ]),
  );
  return new Map(
    [...text.matchAll(/^# TYPE (quorum_\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [
      name,
      { type, help: helps.get(name) ?? '' },
    ]),
  );
}

test('every metric that is served is in the table, as the table has it', async () => {
  const { api, builders } = quorum();
  const round = await api.open({ commit: 'a1'.repeat(20) });
  const [first, second] = builders;
  const sealed = [];
  for (const builder of [first!, second!]) {
    const { commit, result } = builder.seal(await builder.invitation(round));
    await builder.commit(commit);
    sealed.push({ builder, result });
  }
  for (const { builder, result } of sealed) {
    await builder.close(round);
    await builder.reveal(result);
  }
  await api.reportIn('final', round);
  const table: Readonly<Record<string, { type: string; help: string }>> = COORDINATOR_METRICS;
  const served = families(await metricsOf(api));
  expect(served.size).toBeGreaterThan(30);
  for (const [name, { type, help }] of served) {
    expect([name, type, help]).toEqual([name, table[name]?.type, table[name]?.help]);
  }
  expect([...Object.keys(COMMON_METRICS)].every((name) => served.has(name))).toBe(true);
});

test('a round of two builders is counted once, with no trace of which round it was', async () => {
  const { api } = quorum();
  const text = await metricsOf(api);
  const sample = (start: string): string | undefined =>
    text
      .split('\n')
      .find((line) => line.startsWith(start))
      ?.split(' ')
      .at(-1);
  expect(sample('quorum_builds_total{outcome="built",stage=""')).toBe('2');
  expect(sample('quorum_build_duration_seconds_sum{')).toBe('7200');
  expect(sample('quorum_rounds{phase="final"')).toBe('1');
  expect(sample('quorum_outbox_messages{state="waiting"')).toBe('0');
  expect(sample('quorum_checkpoint_lag_seconds')).toBe('0');
  expect(sample('quorum_log_halted{reason="log-corrupt"')).toBe('0');
  expect(sample('quorum_lease_held{lease="deadlines"')).toBe('1');
  expect(sample('quorum_nats_connected')).toBe('1');
  expect(sample('quorum_build_info')).toBe('1');
  expect(text).toMatch(
    /quorum_verdicts_total\{verdict="reproduced",elected="\w+",service="coordin/,
  );
  expect(text).toMatch(/route="\/v1\/rounds\/:round\/report"/);
  // Digests, rounds and commits: of them there are ever more.
  expect(text).not.toMatch(/"[0-9a-f]{40,64}"/);
});

test('what cannot be looked at is missing, told, and keeps nobody from the rest', async () => {
  const started = await quorum().start();
  const api = new CoordinatorClient(started.url);
  const before = await metricsOf(api);
  expect(before).toMatch(/quorum_sample_failed\{sample="database",[^}]*\} 0/);
  const { dataSource } = quorum();
  await dataSource.query('ALTER TABLE "outgoing" RENAME TO "gone"');
  try {
    const text = await eventually(
      'a look that fails',
      () => metricsOf(api),
      (found) => /quorum_sample_failed\{sample="database",[^}]*\} 1/.test(found),
    );
    expect(text).not.toMatch(/^quorum_rounds\{/m);
    expect(text).toMatch(/^quorum_log_leaves\{/m);
  } finally {
    await dataSource.query('ALTER TABLE "gone" RENAME TO "outgoing"');
  }
  await quorum().stop(started);
});

test('a log whose envelopes all lie in an archive is as old as it is', async () => {
  const { api, dataSource } = quorum();
  expect(await api.metric('quorum_checkpoint_age_seconds')).toBeGreaterThan(0);
  await dataSource.transaction(async (manager) => {
    await manager.query('ALTER TABLE "envelope" DISABLE TRIGGER "envelope_append_only"');
    await manager.query('DELETE FROM "envelope"');
    await manager.query('ALTER TABLE "envelope" ENABLE TRIGGER "envelope_append_only"');
  });
  const started = await quorum().start();
  const again = new CoordinatorClient(started.url);
  expect(await again.metric('quorum_checkpoint_age_seconds')).toBeGreaterThan(0);
  await quorum().stop(started);
});

test('the table keeps to the naming rules', () => {
  expect(faultsOf(COORDINATOR_METRICS, 'quorum')).toEqual([]);
});
