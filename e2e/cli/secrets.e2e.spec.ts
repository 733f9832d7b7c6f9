import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entry } from '../stack/entry.js';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';
import { StandIn } from './stand-in.js';

const TOKEN = `rqt_${'1'.repeat(12)}_${'2'.repeat(64)}`;
/** What is told with a subscription to these is more than the room that is made for a secret. */
const OPERATORS = Array.from({ length: 64 }, (_, at) => `${at}-${'a'.repeat(80)}`);
const SECRET = `whsec_${'c'.repeat(43)}=`;
const at = '2026-11-20T00:00:00.000Z';
const view = {
  ...{ id: '1'.repeat(12), scopes: ['rounds'], label: 'alice' },
  ...{ madeAt: at, expiresAt: at, lastUsedAt: null, revokedAt: null },
};
const subscription = {
  ...{ id: `sub_${'a'.repeat(24)}`, channel: 'webhook', target: 'https://a.example/…' },
  ...{
    label: 'alice',
    rules: { operators: OPERATORS },
    madeAt: at,
    disabledAt: null,
    disabledBecause: null,
  },
  ...{ waiting: 0, dead: 0 },
};

let folder: Folder;
let coordinator: StandIn;
beforeAll(async () => {
  folder = await Folder.make();
  coordinator = await new StandIn({
    'POST /v1/tokens': { body: { token: TOKEN, view } },
    'POST /v1/subscriptions': { body: { subscription, secret: SECRET } },
  }).start();
});
afterAll(async () => {
  await coordinator.leave();
  await folder.remove();
});

async function run(...args: readonly string[]): Promise<Ended> {
  return folder.run([...args, '--coordinator', coordinator.url], { REPRO_QUORUM_TOKEN: TOKEN });
}

/** Runs a command within a limit of a shell, and with its stdout led elsewhere. */
async function cramped(limit: string, redirect: string, ...args: string[]): Promise<Ended> {
  const script = `${limit}; "$0" "$@" ${redirect}; exit "\${PIPESTATUS[0]}"`;
  const words = [process.execPath, entry('cli'), ...args, '--coordinator', coordinator.url];
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', script, ...words], {
    ...{ cwd: folder.path, reject: false, env: { REPRO_QUORUM_TOKEN: TOKEN } },
  });
  return { exitCode, stdout, stderr };
}

test.each<[what: string, args: string[], secret: string]>([
  ['token', ['coordinator', 'token', 'create', '--scope', 'rounds', '--label', 'a'], TOKEN],
  ['secret of a webhook', ['news', 'add', 'https://a.example/', '--label', 'a'], SECRET],
])('a %s goes into a new file of its owner alone', async (what, args, secret) => {
  const file = what.replaceAll(' ', '-');
  const made = await run(...args, '--out', file);
  expect([made.exitCode, made.stdout]).toEqual([0, '']);
  expect(made.stderr).not.toContain(secret);
  expect(await folder.read(file)).toBe(`${secret}\n`);
  expect((await stat(join(folder.path, file))).mode & 0o777).toBe(0o600);

  const before = coordinator.requests.length;
  const again = await run(...args, '--out', file);
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('never overwritten')]);
  expect(coordinator.requests.length).toBe(before);
});

test('where the database makes no token there is no file', async () => {
  const console = ['coordinator', 'token', 'create', '--scope', 'rounds', '--label', 'a'];
  const nowhere = ['--database', 'mysql://nowhere', '--out', 'none.token'];
  const ended = await folder.run([...console, ...nowhere]);
  expect([ended.exitCode, folder.has('none.token')]).toEqual([2, false]);
  expect(ended.stderr).toContain('DATABASE_URL');
});

test.each<[what: string, args: string[]]>([
  ['token', ['coordinator', 'token', 'create', '--scope', 'rounds', '--label', 'a']],
  ['secret of a webhook', ['news', 'add', 'https://a.example/', '--label', 'a']],
])('a %s is not asked for where there is no room for it', async (_what, args) => {
  const before = coordinator.requests.length;
  const ended = await cramped('ulimit -f 0', '', ...args, '--out', 'no-room');
  expect([ended.exitCode, ended.stderr]).toEqual([
    2,
    expect.stringContaining('no secret was made'),
  ]);
  expect([coordinator.requests.length, folder.has('no-room')]).toEqual([before, false]);
});

test.each<[into: string, limit: string, redirect: string, more: string[]]>([
  ['a file that cannot grow', 'ulimit -f 4', '', ['--json', '--out', 'small']],
  ['a full disk', 'true', '>/dev/full', []],
  ['nobody', 'true', '| true', []],
])('what was made and goes to %s is told by its id, with what ends it', async (_into, ...how) => {
  const [limit, redirect, more] = how;
  const news = ['news', 'add', 'https://a.example/', '--label', 'a'];
  const ended = await cramped(limit, redirect, ...news, ...more);
  expect([ended.exitCode, ended.stderr]).toEqual([
    2,
    expect.stringContaining(`\`repro-quorum news remove ${subscription.id}\``),
  ]);
  expect(ended.stderr).not.toContain(SECRET);
  expect(folder.has('small')).toBe(false);
});

test('what has no secret is written into no file', async () => {
  const before = coordinator.requests.length;
  const mail = ['news', 'add', 'a@example.org', '--channel', 'email', '--label', 'a'];
  const ended = await run(...mail, '--out', 'mail');
  expect([ended.exitCode, ended.stderr]).toEqual([2, expect.stringContaining('a webhook')]);
  expect([coordinator.requests.length, folder.has('mail')]).toEqual([before, false]);
});
