import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IC_ROOT_KEY } from '@dfinity/agent';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BuilderView } from '#libs/contracts';
import { startNats, startPostgres } from '#libs/embedded';
import type { Ended } from '../cli/command-line.js';
import { Folder } from '../cli/folder.js';
import { startCoordinator, type CoordinatorProcess } from '../stack/coordinator.js';
import { writeToken } from '../stack/token.js';

const OPERATOR = ['--operator-key', 'operator/operator-key.pem'];
let folder: Folder;
let coordinator: CoordinatorProcess;
let tokenFile = '';
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await Folder.make();
  closers.push(() => folder.remove());
  const dir = join(folder.path, 'coordinator');
  await mkdir(dir);
  const [postgres, nats] = await Promise.all([
    startPostgres({ dataDir: join(dir, 'postgres'), durable: false }),
    startNats({ dataDir: join(dir, 'nats'), durable: false }),
  ]);
  closers.push(
    () => postgres.stop(),
    () => nats.stop(),
  );
  const files = { keyFile: join(dir, 'key.pem'), rosterFile: join(dir, 'roster.json') };
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(files.keyFile, pem, { mode: 0o600 });
  await writeFile(files.rosterFile, '{"operators":[]}');
  // Nobody asks the NNS here; its key has to be one all the same.
  const rootKeyFile = join(dir, 'root.der');
  await writeFile(rootKeyFile, Buffer.from(IC_ROOT_KEY, 'hex'));
  coordinator = await startCoordinator({
    ...{ ...files, dir, rootKeyFile, databaseUrl: postgres.url, natsUrl: nats.url },
    nnsUrl: 'http://127.0.0.1:9',
  });
  closers.push(() => coordinator.stop());
  tokenFile = await writeToken(dir);
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** As somebody with no token, who names the coordinator. */
async function type(...args: readonly string[]): Promise<Ended> {
  return folder.run([...args, '--coordinator', coordinator.url]);
}

async function done(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  expect([ended.exitCode, ended.stderr]).toEqual([0, ended.stderr]);
  return ended;
}

test('an operator joins by the commands of the guide, and is told what to type next', async () => {
  await done(folder.run(['operator', 'init', '--out', 'operator']));
  const { stdout } = await done(type('builder', 'init', '--dir', 'builder'));
  const { builder } = JSON.parse(stdout) as { builder: string };
  expect(await folder.read('builder/builder-agent.env')).toContain(
    `COORDINATOR_URL=${coordinator.url}\nCOORDINATOR_VKEY=`,
  );
  const before = await done(type('builder', 'status', '--dir', 'builder'));
  expect(before.stdout).toMatch(/· applied\n.*\n {2}repro-quorum builder enroll/);

  const enroll = ['builder', 'enroll', '--dir', 'builder', ...OPERATOR];
  const words = ['--operator-name', 'Ann & Sons', '--tags', 'eu', '--contact', 'ann@example.org'];
  const enrolled = await done(type(...enroll, ...words));
  expect(enrolled.stdout).toMatch(/contact, not public +ann@example.org/);
  expect(enrolled.stderr).toContain(`next: the group has to approve it`);
  const applied = await done(type('builder', 'status', builder));
  expect(applied.stdout).toContain(`for the group: repro-quorum builder approve ${builder}`);

  const approve = ['builder', 'approve', builder];
  const stranger = await type(...approve, '--yes');
  expect([stranger.exitCode, stranger.stdout]).toEqual([2, '']);
  const group = ['--token-file', tokenFile];
  const unasked = await type(...approve, ...group);
  expect([unasked.exitCode, unasked.stdout]).toEqual([2, expect.stringContaining('Ann & Sons')]);
  const approved = await done(type(...approve, ...group, '--yes'));
  expect(approved.stdout).toMatch(/contact, not public +ann@example.org/);
  const active = await done(type('builder', 'status', '--dir', 'builder'));
  expect(active.stdout).toContain('repro-quorum builder run --config builder/builder-agent.env');

  await done(type('builder', 'pause', builder, ...OPERATOR, '--reason', 'new disk'));
  const paused = await done(type('builder', 'status', builder));
  expect(paused.stdout).toContain(': paused (new disk)');
  await done(type('builder', 'resume', builder, ...OPERATOR));
  await done(type('builder', 'revoke', builder, ...OPERATOR, '--reason', 'retired'));
  const { stdout: json } = await done(type('builder', 'status', builder, '--json'));
  expect(BuilderView.parse(JSON.parse(json)).status).toBe('revoked');
  const keys = await fetch(`${coordinator.url}/v1/keys/${builder}`);
  expect(await keys.json()).toMatchObject({ state: 'revoked' });
  const list = await done(type('builder', 'list', '--status', 'revoked'));
  expect(list.stdout).toContain(builder);
  expect(list.stdout).not.toContain('ann@example.org');
});

test('a stolen key is revoked as of the time and the index that its operator names', async () => {
  await done(folder.run(['operator', 'init', '--out', 'robbed-operator']));
  const key = ['--operator-key', 'robbed-operator/operator-key.pem'];
  const { stdout } = await done(type('builder', 'init', '--dir', 'robbed'));
  const { builder } = JSON.parse(stdout) as { builder: string };
  await done(type('builder', 'enroll', '--dir', 'robbed', ...key));
  await done(type('builder', 'approve', builder, '--token-file', tokenFile, '--yes'));
  const since = ['--since', '2026-01-01T00:00:00Z', '--since-index', '3'];
  const revoke = ['builder', 'revoke', builder, ...key, ...since, '--reason'];
  const lost = await type(...revoke, 'lost');
  expect([lost.exitCode, lost.stderr]).toEqual([2, expect.stringContaining('only a compromised')]);
  await done(type(...revoke, 'compromised'));
  const record = await (await fetch(`${coordinator.url}/v1/keys/${builder}`)).json();
  expect(record).toMatchObject({ state: 'revoked' });
  expect(JSON.stringify(record)).toContain('"since":"2026-01-01T00:00:00Z"');
  expect(JSON.stringify(record)).toContain('"sinceIndex":3');
});

test('a builder whose keys were rotated tells of itself by the record of that', async () => {
  await done(folder.run(['operator', 'init', '--out', 'yearly-operator']));
  const key = ['--operator-key', 'yearly-operator/operator-key.pem'];
  const { stdout } = await done(type('builder', 'init', '--dir', 'yearly'));
  const { builder } = JSON.parse(stdout) as { builder: string };
  await done(type('builder', 'enroll', '--dir', 'yearly', ...key));
  await done(type('builder', 'approve', builder, '--token-file', tokenFile, '--yes'));
  await done(folder.run(['builder', 'init', '--dir', 'fresh']));
  const fresh = ['key', 'witness-key', 'nats-key'].flatMap((name) => [
    ...[`--${name}`, `fresh/${name === 'key' ? 'builder-key' : name}.pem`],
  ]);
  const record = ['--out', 'rotation.dsse.json', '--submit', coordinator.url];
  const old = ['--old-key', 'yearly/builder-key.pem'];
  await done(folder.run(['builder', 'rotate', ...key, ...old, ...fresh, ...record]));
  const enroll = ['builder', 'enroll', '--dir', 'yearly', '--slots', '3'];
  const older = await type(...enroll, ...fresh);
  expect([older.exitCode, older.stderr]).toEqual([2, expect.stringContaining('--enrolment FILE')]);
  await done(type(...enroll, ...fresh, '--enrolment', 'rotation.dsse.json'));
  const { stdout: json } = await done(type('builder', 'status', builder, '--json'));
  expect(BuilderView.parse(JSON.parse(json))).toMatchObject({
    ...{ builder, status: 'active', capabilities: { slots: 3 } },
  });
});

test('a builder that was made without a coordinator has it pinned once it is taken', async () => {
  await done(folder.run(['operator', 'init', '--out', 'third-operator']));
  await done(folder.run(['builder', 'init', '--dir', 'third']));
  const enroll = ['builder', 'enroll', '--dir', 'third'];
  const key = ['--operator-key', 'third-operator/operator-key.pem'];
  const enrolled = await done(type(...enroll, ...key));
  expect(enrolled.stderr).toContain('is pinned in third/builder-agent.env');
  expect(await folder.read('third/builder-agent.env')).toMatch(
    new RegExp(`^COORDINATOR_URL=${coordinator.url}\nCOORDINATOR_VKEY=\\S+\n$`, 'm'),
  );
  const again = await done(type(...enroll, ...key));
  expect(again.stderr).toContain('the record that was made before is sent');
  expect(again.stderr).not.toContain('is pinned');
  const renamed = await type(...enroll, ...key, '--operator-name', 'Bob');
  expect([renamed.exitCode, renamed.stderr]).toEqual([2, expect.stringContaining('not "Bob"')]);
});

test('an operator whose key is elsewhere joins by an invite, at once', async () => {
  const { publicKey } = JSON.parse(
    (await done(folder.run(['operator', 'init', '--out', 'elsewhere']))).stdout,
  ) as { publicKey: string };
  await done(type('builder', 'init', '--dir', 'second'));
  const request = ['--request', 'request.json', '--operator-public', publicKey];
  await done(folder.run(['builder', 'enroll', '--dir', 'second', ...request]));
  const key = ['--operator-key', 'elsewhere/operator-key.pem'];
  await done(folder.run(['operator', 'sign', 'request.json', ...key, '--out', 'enrolment.json']));
  const invited = await done(
    type('builder', 'invite', '--operator-public', publicKey, '--token-file', tokenFile),
  );
  const join = ['builder', 'enroll', '--dir', 'second', '--enrolment', 'enrolment.json'];
  const joined = await done(type(...join, '--invite', invited.stdout.trim()));
  expect(joined.stderr).toContain('is active');
});

test('an invite that went astray is seen, and taken back by what is at hand of it', async () => {
  const group = ['--token-file', tokenFile];
  const made = await done(type('builder', 'invite', '--for', 'Bob of Bits', ...group));
  const word = made.stdout.trim();
  const [, id] = word.split('_');
  expect(made.stderr).toContain(`repro-quorum builder withdraw ${id}`);
  const open = await done(type('builder', 'invites', '--status', 'open', ...group));
  expect(open.stdout).toMatch(new RegExp(`^${id} {2}open .*whoever has it {2}Bob of Bits$`, 'm'));
  expect(open.stdout).not.toContain(word);
  expect((await type('builder', 'invites')).exitCode).toBe(2);

  const taken = await done(type('builder', 'withdraw', word, ...group));
  expect(taken.stderr).toContain(`invite ${id} is withdrawn`);
  const all = await done(type('builder', 'invites', '--json', ...group));
  const { invites } = JSON.parse(all.stdout) as { invites: { id: string; status: string }[] };
  expect(invites).toContainEqual(expect.objectContaining({ id, status: 'withdrawn' }));
  const used = invites.find(({ status }) => status === 'used');
  const late = await type('builder', 'withdraw', used!.id, ...group);
  expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining('builder retire')]);
  const wrong = await type('builder', 'withdraw', 'Bob', ...group);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('builder invites')]);
});

test('a coordinator with another key than the pinned one is told no more', async () => {
  const config = await folder.read('second/builder-agent.env');
  await folder.write('second/builder-agent.env', config.replace(/VKEY=\S+/, 'VKEY=other'));
  const ended = await type('builder', 'enroll', '--dir', 'second', '--enrolment', 'enrolment.json');
  expect([ended.exitCode, ended.stdout]).toEqual([4, '']);
});
