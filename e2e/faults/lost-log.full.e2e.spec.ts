import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Envelope } from '#libs/attestation';
import { RECEIPTS_TYPE } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { CoordinatorClient } from '#libs/testing';
import { parseVkey } from '#libs/tlog';
import { cli } from '../stack/cli.js';
import { startHandStack, type HandStack } from './hand-stack.js';

let stack: HandStack;
beforeAll(async () => {
  stack = await startHandStack();
});
afterAll(() => stack.close());

/** Makes a database beside the stack's: empty, or with all that is in that one. */
async function makeDatabase(name: string, template = 'template1'): Promise<string> {
  const url = new URL(stack.databaseUrl);
  url.pathname = template === 'template1' ? '/postgres' : '/template1';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

const api = (): CoordinatorClient => new CoordinatorClient(stack.coordinator.url);
const run = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await cli(stack, ...args, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};
const refused = async (...args: readonly string[]): Promise<string> => {
  const { stderr, exitCode } = await cli(stack, ...args);
  expect(exitCode).toBe(4);
  return stderr;
};

/** What an agent gives out of these envelopes. */
async function writeReceipts(
  name: string,
  held: readonly (readonly [Envelope, Uint8Array, string | null])[],
): Promise<string> {
  const { name: origin } = parseVkey(stack.vkey);
  const lines = held.map(([envelope, key, proof]) => {
    return { type: 'envelope', publicKey: toBase64(key), envelope, proof };
  });
  const path = join(stack.dir, name);
  const texts = [{ receipts: RECEIPTS_TYPE, origin }, ...lines].map((line) => JSON.stringify(line));
  await writeFile(path, `${texts.join('\n')}\n`);
  return path;
}

test('a log of which no copy is left is refilled from receipts, and one that is over is succeeded', async () => {
  const { vkey, rootKeyFile, nns, dir } = stack;
  const log = parseVkey(vkey).publicKey;
  const [one, two] = stack.builders;
  await api().open({ commit: '0a'.repeat(20) });
  await stack.coordinator.stop();
  const original = new URL(stack.databaseUrl).pathname.slice(1);
  const backup = await makeDatabase('backup', original);

  await stack.start();
  const commit = '0b'.repeat(20);
  const urls = [`https://download.example/ic/${commit}/guest-os/update-img/update-img.tar.zst`];
  const sha256 = 'ab'.repeat(32);
  const proposal = String(nns.propose({ kind: 'elect-guestos', commit, sha256, urls }));
  const round = await api().open({ proposal });
  const evidence = await (await api().get(`/v1/proposals/${proposal}/evidence`)).text();
  const invitation = await one!.invitation(round);
  const [early, late] = [one!.seal(invitation), two!.seal(invitation)];
  await one!.commit(early.commit);
  const first = await one!.receipt(early.commit);
  await two!.commit(late.commit);
  const second = await two!.receipt(late.commit);
  const { roundClose } = await one!.close(round);
  await one!.reveal(early.result);
  const shown = await one!.receipt(early.result);
  const note = await (await api().get('/v1/log/checkpoint')).text();
  await stack.coordinator.kill();

  const ones = await writeReceipts('one.jsonl', [
    [invitation.envelope, log, null],
    [early.commit, one!.signer.publicKey, first.proof],
    [roundClose, log, null],
    [early.result, one!.signer.publicKey, shown.proof],
  ]);
  const twos = await writeReceipts('two.jsonl', [
    [late.commit, two!.signer.publicKey, second.proof],
  ]);
  const certified = join(dir, 'proposal.json');
  await writeFile(certified, evidence);
  const back = ['--database', backup, '--vkey', vkey, '--root-key', rootKeyFile];
  const restore = ['coordinator', 'restore', ...back, '--receipts'];
  expect(await refused(...restore, ones, certified)).toContain('nobody holds leaves 3 of the 6');
  expect(await refused(...restore, ones, twos)).toContain(`proposal "${proposal}"`);
  expect(await run(...restore, ones, twos, certified)).toEqual({
    ...{ from: 1, size: 6, rounds: [round] },
  });
  expect(await run('fsck', '--database', backup, '--vkey', vkey)).toMatchObject({
    ...{ leaves: 6, rounds: 2, finding: null },
  });
  const answered = ['coordinator', 'restore', '--newest', '--database', backup, '--vkey', vkey];
  expect(await run(...answered)).toMatchObject({ from: 6, size: 6 });
  await stack.start(backup);
  expect((await api().get('/readyz')).status).toBe(200);
  await two!.reveal(late.result);
  await api().reportIn('final', round);
  await stack.coordinator.stop();

  const newest = join(dir, 'newest.note');
  await writeFile(newest, note);
  const key = join(dir, 'second-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const origin = `${parseVkey(vkey).name}/2`;
  const succeed = [
    ...['coordinator', 'succeed', '--from', newest, '--old-vkey', vkey, '--origin', origin],
    ...['--key', key, '--reason', 'played', '--database'],
  ];
  expect(await refused(...succeed, backup)).toContain('begins otherwise');
  const empty = await makeDatabase('second');
  const said = { origin, predecessor: parseVkey(vkey).name, size: 6 };
  expect(await run(...succeed, empty)).toMatchObject({ ...said, isNew: true });
  expect(await run(...succeed, empty)).toMatchObject({ ...said, isNew: false });
});

test('an agent without a job gives out a file with nothing in it, and asks whether it is the one meant', async () => {
  const state = join(stack.dir, 'state');
  const out = join(stack.dir, 'nothing.jsonl');
  const args = ['--state-dir', state, '--vkey', stack.vkey, '--out', out];
  await mkdir(state);
  const elsewhere = await cli(stack, 'builder', 'receipts', ...args);
  expect(elsewhere.exitCode).toBe(2);
  expect(elsewhere.stderr).toContain(`there is no ${join(state, 'jobs')}`);
  await mkdir(join(state, 'jobs'));
  const { stdout, stderr, exitCode } = await cli(stack, 'builder', 'receipts', ...args, '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ envelopes: 0, receipts: 0, unknown: 0 });
  expect(stderr).toContain(`no envelope is in ${state}`);
});
