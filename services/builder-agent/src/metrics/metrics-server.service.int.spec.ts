import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { ConfigError, faultsOf } from '#libs/platform';
import { natsUrl } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { makeJobDesk, type JobDesk } from '../jobs/desk.fixture.js';
import { playCoordinator, seatOf, signerOf, type OpenedRound } from '../round.fixture.js';
import { AgentMeters } from './agent-meters.js';
import { BuildMeter } from './build-meter.js';
import { jobsSample } from './jobs-sample.js';
import { AGENT_METRICS } from './metric-table.js';
import { MetricsServerService } from './metrics-server.service.js';

const builder = signerOf(1);
const played = playCoordinator();
const nats = useConnection(natsUrl);
let dir: string;
let desk: JobDesk;
let meters: AgentMeters;

beforeEach(async () => {
  dir = await scratchDirectory();
  meters = new AgentMeters();
  desk = makeJobDesk(configBelow(dir), builder, played.coordinator, nats());
});

async function serve(more: Readonly<Record<string, string>> = { METRICS_PORT: '0' }) {
  const { runner, jobs, mood } = desk;
  const config = configBelow(dir, more);
  const server = new MetricsServerService(config, nats(), meters, runner, jobs, mood);
  await server.onModuleInit();
  onTestFinished(() => server.onApplicationShutdown());
  return server;
}

async function metrics(): Promise<string> {
  const { url } = await serve();
  return (await fetch(`${url ?? ''}/metrics`)).text();
}

test('an agent listens nowhere unless it is told to', async () => {
  expect((await serve({})).url).toBeNull();
});

test('where it is told to, it serves two paths on its own machine, and nothing else', async () => {
  const { url } = await serve();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const status = async (path: string, method = 'GET') =>
    (await fetch(`${url ?? ''}${path}`, { method })).status;
  expect(await status('/healthz')).toBe(200);
  expect(await status('/metrics')).toBe(200);
  expect(await status('/metrics?x=1', 'HEAD')).toBe(200);
  expect(await status('/')).toBe(404);
  expect(await status('/../state')).toBe(404);
  expect(await status('/metrics', 'POST')).toBe(405);
});

test('a port that is taken is told as what it is', async () => {
  const { url } = await serve();
  const METRICS_PORT = new URL(url ?? '').port;
  await expect(serve({ METRICS_PORT })).rejects.toThrow(ConfigError);
});

test('it tells what waits, what is kept and how much room is left, and of no round which', async () => {
  const kept = join(dir, 'state', 'kept', 'ab'.repeat(32));
  await mkdir(kept, { recursive: true });
  await writeFile(join(kept, `${'cd'.repeat(32)}.image`), Buffer.alloc(8192, 1));
  const { round, envelope } = played.open([builder]);
  await desk.jobs.add(round, envelope);
  const text = await metrics();
  expect(text).toMatch(/^quorum_agent_queue_depth\{[^}]*\} 1$/m);
  expect(text).toMatch(/^quorum_agent_slots\{[^}]*\} 1$/m);
  expect(text).toMatch(/^quorum_agent_jobs\{step="build",[^}]*\} 1$/m);
  expect(text).toMatch(/^quorum_agent_mood\{mood="ready",[^}]*\} 1$/m);
  expect(text).toMatch(/^quorum_agent_kept_bytes\{kind="images",[^}]*\} 8192$/m);
  expect(text).toMatch(/^quorum_agent_free_bytes\{folder="state",[^}]*\} \d{6,}$/m);
  expect(text).toMatch(/^quorum_agent_nats_connected\{[^}]*\} 1$/m);
  expect(text).not.toMatch(/[0-9a-f]{40}/);
});

test('what waits for a receipt is told of, but for what nobody takes any more', async () => {
  const { runner, jobs, mood } = desk;
  const sample = jobsSample({ runner, jobs, mood, slots: 1 }, meters);
  const oldest = async (): Promise<number | undefined> => {
    await sample.take();
    const { values } = await meters.gauge('quorum_agent_outbox_oldest_age_seconds').get();
    return values[0]?.value;
  };
  const before = { ...signerOf(2), id: builder.id };
  const rotated = played.open([], { roster: [seatOf(before)] });
  const older = playCoordinator(201, 'before.invalid/log').open([builder]);
  const own = played.open([builder]);
  const seal = async ({ round, envelope }: OpenedRound): Promise<void> => {
    await desk.jobs.add(round, envelope);
    await desk.jobs.seal(round, { result: envelope, commit: envelope });
  };
  for (const opened of [rotated, older]) await seal(opened);
  expect([await oldest(), await oldest()]).toEqual([0, 0]);
  await seal(own);
  await oldest();
  expect(await oldest()).toBeGreaterThan(0);
});

test('builds are measured from stage to stage, and counted by what came of each try', async () => {
  const meter = new BuildMeter(meters);
  for (const stage of ['preflight', 'source', 'build', 'build', 'outputs'] as const) {
    meter.stage('one', stage);
  }
  meter.unsealed('one', 'waiting', 'build', 'network');
  meter.stage('one', 'waiting');
  meter.stage('one', 'preflight');
  meter.unsealed('one', 'interrupted');
  const text = await metrics();
  const count = (stage: string) =>
    new RegExp(
      `^quorum_agent_stage_duration_seconds_count\\{[^}]*stage="${stage}"[^}]*\\} (\\d+)$`,
      'm',
    ).exec(text)?.[1];
  expect(['preflight', 'source', 'build', 'outputs'].map(count)).toEqual(['2', '1', '1', '1']);
  expect(text).toMatch(/tries_total\{outcome="waiting",stage="build",class="network",[^}]*\} 1/);
  expect(text).toMatch(
    /quorum_agent_try_duration_seconds_count\{[^}]*outcome="interrupted"[^}]*\} 1/,
  );
});

test('everything that is served is in the table, which keeps to the naming rules', async () => {
  const text = await metrics();
  const table: Readonly<Record<string, { type: string }>> = AGENT_METRICS;
  const served = [...text.matchAll(/^# TYPE (quorum_\S+) (\S+)$/gm)];
  expect(served.length).toBeGreaterThan(8);
  for (const [, name = '', type] of served) expect([name, table[name]?.type]).toEqual([name, type]);
  expect(faultsOf(AGENT_METRICS, 'quorum')).toEqual([]);
});
