import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTEST_STREAM, DISPATCH_STREAM } from '#libs/contracts';
import { startPostgres } from '#libs/embedded';
import { connectNats } from '#libs/messaging';
import { openAuthority } from '#libs/nats-authority';
import { CoordinatorClient, eventually } from '#libs/testing';
import type { Child } from '../stack/child.js';
import { prepareRun, type ComposeRun } from './compose-run.js';

const NAMES = ['nats-1', 'nats-2', 'nats-3'];
const closers: (() => Promise<unknown>)[] = [];
const servers = new Map<string, Child>();
let run: ComposeRun;
let api: CoordinatorClient;
let nats: NatsConnection;
let early: unknown;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-compose-'));
  closers.push(() => rm(dir, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres'), durable: false });
  closers.push(() => postgres.stop());
  run = await prepareRun(dir, postgres.url);
  for (const name of NAMES) {
    const server = run.startNats(name);
    servers.set(name, server);
    closers.push(() => server.kill());
  }
  await Promise.all([...servers.values()].map((server) => server.line(/Server is ready/)));
  await eventually('a healthy cluster', async () => {
    const answers = await Promise.all(
      NAMES.map((name) => fetch(`http://${run.addressOf(name, 8222)}/healthz`)),
    );
    return answers.every(({ ok }) => ok) ? true : null;
  });
  early = await run.startCoordinator().catch((error: unknown) => error);
  await run.migrate();
  const coordinator = await run.startCoordinator();
  closers.push(() => coordinator.stop());
  api = new CoordinatorClient(coordinator.url);
  const authority = await openAuthority(run.authorityDir);
  nats = await connectNats({
    url: NAMES.map((name) => `nats://${run.addressOf(name, 4222)}`),
    name: 'spec',
    credentials: authority.coordinatorCredentials(),
  });
  closers.push(() => nats.close());
});
afterAll(async () => {
  for (const closer of closers.toReversed()) await closer();
});

const ready = async () => ((await api.get('/readyz')).ok ? true : null);
const streamOf = async (name: string) => (await jetstreamManager(nats)).streams.info(name);
/** A stream once a leader is chosen, with the servers that it lies on. */
const ledStream = async (name: string) => {
  const { config, cluster } = await eventually(
    'a stream with a leader',
    () => streamOf(name),
    (stream) => stream.cluster?.leader !== undefined,
  );
  const { leader = '', replicas = [] } = cluster ?? {};
  return {
    leader,
    copies: config.num_replicas,
    on: [leader, ...replicas.map((peer) => peer.name)],
  };
};
const dispatches = (count: number) =>
  eventually(
    `${count} dispatches`,
    () => streamOf(DISPATCH_STREAM.name),
    ({ state }) => state.messages === count,
  );

test('the services of the compose file form a cluster, and each stream lies on three servers', async () => {
  await eventually('a coordinator that is ready', ready);
  for (const { name } of [ATTEST_STREAM, DISPATCH_STREAM]) {
    const { copies, on } = await ledStream(name);
    expect([name, copies, on.toSorted()]).toEqual([name, 3, NAMES]);
  }
  await api.open({ commit: '0a'.repeat(20) });
  await dispatches(2);
});

test('one server that dies, the leader at that, takes nothing along', async () => {
  const { leader } = await ledStream(DISPATCH_STREAM.name);
  await servers.get(leader)!.kill();
  await eventually('a coordinator that is ready', ready);
  await api.open({ commit: '0b'.repeat(20) });
  const { state } = await dispatches(4);
  expect([state.first_seq, state.last_seq]).toEqual([1, 4]);
});

/** What the database answers to one who signs in as a service does. */
async function ask(service: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: run.databaseUrlOf(service) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a coordinator that comes before the migrations ends, and says why', () => {
  expect(String(early)).toContain(
    'coordinator: the database does not answer: password authentication failed for user "quorum_service"',
  );
});

test('the coordinator signs in as a role that owns nothing, and cannot switch off what holds evidence', async () => {
  const connected = await ask(
    'migrations',
    `SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'repro-quorum'`,
  );
  expect(connected).toEqual([{ usename: 'quorum_service' }]);
  const owners = await ask(
    'coordinator',
    `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(owners).toEqual([{ tableowner: 'quorum' }]);
  const [role] = await ask(
    'coordinator',
    `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
       pg_has_role('quorum', 'MEMBER') AS "isOwner" FROM pg_roles WHERE rolname = current_user`,
  );
  expect(new Set(Object.values(role as object))).toEqual(new Set([false]));
  await expect(
    ask('coordinator', 'ALTER TABLE "envelope" DISABLE TRIGGER "envelope_append_only"'),
  ).rejects.toThrow('must be owner');
  await expect(ask('coordinator', 'DELETE FROM "log_entry"')).rejects.toThrow('permission denied');
});

test('the migrations run again at the next start, and take nothing from a coordinator that runs', async () => {
  await run.migrate();
  await eventually('a coordinator that is ready', ready);
  const round = await api.open({ commit: '0c'.repeat(20) });
  expect(round).toEqual(expect.any(String));
});
