import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  envelopeDigest,
  keyHistory,
  openKeyRecord,
  parseEnvelope,
  type KeyFinding,
  type KeyHistory,
} from '#libs/attestation';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';
import { pemOfMaker, maker } from './makers.js';
import { StandIn, type Answer } from './stand-in.js';

const NAMES = ['operator', 'rival', 'b', 'bw', 'bn', 'c', 'cw', 'cn'];
const NEW = ['--key', 'b.pem', '--witness-key', 'bw.pem', '--nats-key', 'bn.pem'];
const NEXT = ['--key', 'c.pem', '--witness-key', 'cw.pem', '--nats-key', 'cn.pem'];
const OPERATOR = ['--operator-key', 'operator.pem', '--operator-name', 'Ann & Sons'];
const id = maker('b').id;

let all: Folder;
const standIns: StandIn[] = [];
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await Promise.all(standIns.map((standIn) => standIn.leave()));
  await all.remove();
});

/** A folder with a private key for each name. */
async function begun(name: string): Promise<Folder> {
  const folder = await all.inner(name);
  for (const key of NAMES) {
    await folder.write(`${key}.pem`, pemOfMaker(key));
    await chmod(join(folder.path, `${key}.pem`), 0o600);
  }
  return folder;
}

async function standIn(answer: Answer): Promise<StandIn> {
  const made = new StandIn({ 'POST /v1/keys': answer });
  standIns.push(made);
  return made.start();
}

async function done(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  expect([ended.exitCode, ended.stderr]).toEqual([0, ended.stderr]);
  return ended;
}

/** What a log says after these files were logged one after another. */
async function historyOf(folder: Folder, ...files: readonly string[]): Promise<KeyHistory> {
  const texts = await Promise.all(files.map(async (file) => folder.read(file)));
  return keyHistory(texts.map((text, at) => openKeyRecord(parseEnvelope(text), at)));
}

const codes = (findings: readonly KeyFinding[]): string[] => findings.map(({ code }) => code);

describe.concurrent('an operator', () => {
  test('gets a key for its owner alone, and a line for the roster', async () => {
    const folder = await all.inner('operator');
    const { stdout, stderr } = await done(folder.run(['operator', 'init', '--out', 'op']));
    expect((await stat(join(folder.path, 'op/operator-key.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'op'))).mode & 0o777).toBe(0o700);
    const entry = JSON.parse(stdout) as { operator: string; publicKey: string };
    expect(entry.operator).toMatch(/^[a-z2-7-]{63}$/);
    expect(stdout + stderr).not.toContain('PRIVATE');
    const key = await folder.read('op/operator-key.pem');
    const again = await folder.run(['operator', 'init', '--out', 'op']);
    expect([again.exitCode, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('go on with that one by --operator-key, or name another folder');
    expect(await folder.read('op/operator-key.pem')).toBe(key);
  });

  test('may lock its key by a passphrase, and sign with it', async () => {
    const folder = await begun('locked');
    await folder.write('words', 'correct horse\n');
    await chmod(join(folder.path, 'words'), 0o600);
    const lock = ['--passphrase-file', 'words'];
    await done(folder.run(['operator', 'init', '--out', 'op', ...lock]));
    expect(await folder.read('op/operator-key.pem')).toMatch(/^\{/);
    const sign = ['--operator-key', 'op/operator-key.pem', '--out', 'e.json'];
    const without = await folder.run(['builder', 'enroll', ...NEW, ...sign]);
    expect([without.exitCode, folder.has('e.json')]).toEqual([2, false]);
    await done(folder.run(['builder', 'enroll', ...NEW, ...sign, ...lock]));
    expect((await historyOf(folder, 'e.json')).findings).toEqual([]);
  });
});

describe.concurrent('on one machine', () => {
  test('a builder is enrolled, rotated and revoked, and everything public is told', async () => {
    const folder = await begun('one');
    const enrolled = await done(
      folder.run(['builder', 'enroll', ...OPERATOR, ...NEW, '--valid-days', '30', '--out', '1']),
    );
    for (const told of [
      `enrolment of builder ${id}`,
      maker('operator').id,
      'Ann & Sons',
      Buffer.from(maker('bw').publicKey).toString('base64'),
      /NATS key +U[A-Z2-7]{55}\n/,
      /valid +\d{4}-\S+Z until \d{4}-\S+Z\n/,
    ]) {
      expect(enrolled.stdout).toMatch(told);
    }
    expect(enrolled.stderr).toContain('becomes public for ever');
    const rotate = ['--old-key', 'b.pem', '--reason', 'every year', '--out', '2'];
    const rotated = await done(folder.run(['builder', 'rotate', ...OPERATOR, ...NEXT, ...rotate]));
    expect(rotated.stdout).toMatch(/signed by the old key +yes/);
    expect(rotated.stderr).toContain(`start the agent with the new keys and BUILDER_ID=${id}`);
    const revoke = ['--key', 'c.pem', '--builder', id, '--reason', 'retired', '--out', '3'];
    const since = ['--since', '2026-01-01T00:00:00Z'];
    await done(folder.run(['builder', 'revoke', ...OPERATOR, ...revoke, ...since]));
    const { findings, lives } = await historyOf(folder, '1', '2', '3');
    expect(findings).toEqual([]);
    expect([...lives.values()].map(({ builder }) => builder)).toEqual([id, id]);
    expect([...lives.values()][1]?.revocations).toEqual([
      { logIndex: 2, reason: 'retired', since: '2026-01-01T00:00:00Z' },
    ]);
  });

  test('a lost key is replaced by the operator alone, once it is revoked', async () => {
    const folder = await begun('lost');
    const old = Buffer.from(maker('b').publicKey).toString('base64');
    await done(folder.run(['builder', 'enroll', ...OPERATOR, ...NEW, '--out', '1']));
    const lost = ['--public', old, '--reason', 'lost', '--out', '2'];
    await done(folder.run(['builder', 'revoke', ...OPERATOR, ...lost]));
    const rotate = ['--old-public', old, '--out', '3'];
    const { stdout } = await done(
      folder.run(['builder', 'rotate', ...OPERATOR, ...NEXT, ...rotate]),
    );
    expect(stdout).toMatch(/signed by the old key +no/);
    expect((await historyOf(folder, '1', '2', '3')).findings).toEqual([]);
    expect(codes((await historyOf(folder, '1', '3')).findings)).toEqual(['no-old-signature']);
  });

  test('a NATS seed is read as nkeys writes it', async () => {
    const folder = await begun('seed');
    const user = createUser();
    await folder.write('user.nk', `${Buffer.from(user.getSeed()).toString()}\n`);
    const args = [...OPERATOR, ...NEW.slice(0, 4), '--nats-key', 'user.nk', '--out', '1'];
    const open = await folder.run(['builder', 'enroll', ...args]);
    expect([open.exitCode, open.stderr]).toEqual([2, expect.stringContaining('chmod 600')]);
    await chmod(join(folder.path, 'user.nk'), 0o600);
    const { stdout } = await done(folder.run(['builder', 'enroll', ...args]));
    expect(stdout).toContain(user.getPublicKey());
    expect((await historyOf(folder, '1')).findings).toEqual([]);
  });
});

describe.concurrent('on two machines', () => {
  test('the builder’s keys agree on one, and the operator’s signs on the other', async () => {
    const folder = await begun('two');
    const theirs = Buffer.from(maker('operator').publicKey).toString('base64');
    const operator = ['--operator-public', theirs, '--operator-name', 'Ann'];
    const first = [...operator, ...NEW, '--request', 'one'];
    await done(folder.run(['builder', 'enroll', ...first]));
    const next = [...operator, ...NEXT, '--old-key', 'b.pem', '--request', 'two'];
    await done(folder.run(['builder', 'rotate', ...next]));
    const key = ['--operator-key', 'operator.pem'];
    await done(folder.run(['operator', 'sign', 'one', ...key, '--out', '1']));
    await done(folder.run(['operator', 'sign', 'two', ...key, '--out', '2']));
    expect((await historyOf(folder, '1', '2')).findings).toEqual([]);
    const wrong = await folder.run([
      ...['operator', 'sign', 'one', '--operator-key', 'rival.pem', '--out', '3'],
    ]);
    expect([wrong.exitCode, folder.has('3')]).toEqual([2, false]);
    expect(wrong.stderr).toContain(maker('rival').id);
    const altered = (await folder.read('one')).replace('"Ann"', '"Bob"');
    await folder.write('altered', altered);
    const bad = await folder.run(['operator', 'sign', 'altered', ...key, '--out', '3']);
    expect([bad.exitCode, folder.has('3')]).toEqual([2, false]);
    expect(bad.stderr).toContain('BAD_PROOF');
  });
});

describe.concurrent('a record that is submitted', () => {
  const args = ['builder', 'enroll', ...OPERATOR, ...NEW, '--out', '1'];

  test('is what was written, and its place in the log is told', async () => {
    const folder = await begun('submitted');
    const logged = { index: 7, envelopeSha256: 'a'.repeat(64), proof: 'c2sp.org/tlog-proof@v1' };
    const coordinator = await standIn({ body: logged });
    const ended = await done(folder.run([...args, '--submit', coordinator.url, '--json']));
    const envelope = parseEnvelope(await folder.read('1'));
    expect(coordinator.requests).toEqual([`POST /v1/keys ${JSON.stringify(envelope)}`]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ envelope, logged });
    expect(ended.stderr).toContain('at index 7');
    expect(envelopeDigest(envelope)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('and refused is kept, and the reason is told', async () => {
    const folder = await begun('refused');
    const type = 'https://repro-quorum.dev/ns/problems/unknown-operator';
    const body = { type, title: 'Forbidden', status: 403, detail: 'it is not on the roster' };
    const { url } = await standIn({ status: 403, body });
    const ended = await folder.run([...args, '--submit', url]);
    expect([ended.exitCode, folder.has('1')]).toEqual([2, true]);
    expect(ended.stderr).toContain('unknown-operator: it is not on the roster');
  });
});

describe.concurrent('what cannot become a record ends with 2 and writes nothing:', () => {
  const out = ['--out', 'out'];
  test.each<[claim: string, args: readonly string[], said: string]>([
    [
      'a key in two places',
      [
        'enroll',
        ...OPERATOR,
        ...NEW.slice(0, 2),
        '--witness-key',
        'b.pem',
        '--nats-key',
        'bn.pem',
        ...out,
      ],
      'SHARED_KEY',
    ],
    ['nobody who answers', ['enroll', ...NEW, ...out], '--operator-key FILE'],
    ['no file for it', ['enroll', ...OPERATOR, ...NEW], '--out'],
    [
      'a request in place of a record',
      ['enroll', ...OPERATOR, ...NEW, '--request', 'out'],
      '--out',
    ],
    [
      'a record without the operator’s key',
      [
        'enroll',
        '--operator-public',
        Buffer.from(maker('operator').publicKey).toString('base64'),
        ...NEW,
        ...out,
      ],
      '--request FILE',
    ],
    [
      'a private key as a public one',
      ['enroll', '--operator-public', pemOfMaker('operator'), ...NEW, '--request', 'out'],
      'private key',
    ],
    [
      'six years',
      ['enroll', ...OPERATOR, ...NEW, '--valid-days', '2192', ...out],
      'from 1 to 1800',
    ],
    [
      'a name of two lines',
      ['enroll', ...OPERATOR.slice(0, 2), '--operator-name', 'a\nb', ...NEW, ...out],
      'on one line',
    ],
    [
      'a file that is no key',
      ['enroll', ...OPERATOR, ...NEW.slice(2), '--key', 'nowhere.pem', ...out],
      'there is no such file',
    ],
    ['a rotation of nothing', ['rotate', ...OPERATOR, ...NEXT, ...out], '--old-key FILE'],
    [
      'a rotation to the same key',
      ['rotate', ...OPERATOR, ...NEW, '--old-key', 'b.pem', ...out],
      'SHARED_KEY',
    ],
    [
      'a revocation of nothing',
      ['revoke', ...OPERATOR, '--reason', 'lost', ...out],
      '--public KEY',
    ],
    [
      'a reason of its own',
      ['revoke', ...OPERATOR, '--key', 'b.pem', '--reason', 'bored', ...out],
      'Allowed choices',
    ],
    [
      'a time that is none',
      ['revoke', ...OPERATOR, '--key', 'b.pem', '--reason', 'lost', '--since', 'May', ...out],
      '--since takes',
    ],
    [
      'a record that nobody is asked about',
      ['enroll', ...OPERATOR, ...NEW, '--coordinator', 'http://127.0.0.1:9', ...out],
      '--out only makes a record, and asks no coordinator: --coordinator would',
    ],
    [
      'a record with what none has',
      ['enroll', ...OPERATOR, ...NEW, '--tags', 'eu', '--slots', '2', ...out],
      ': --tags, --slots would have no effect',
    ],
    [
      'a folder without keys',
      ['enroll', ...OPERATOR, '--dir', 'nowhere', ...out],
      '`builder init --dir nowhere --coordinator URL` makes',
    ],
    [
      'a builder’s end by a record of a key',
      ['revoke', id, ...OPERATOR, '--key', 'b.pem', '--reason', 'lost', ...out],
      '--key, --operator-name, --out would have no effect',
    ],
    [
      'a builder’s end by the group since a time',
      ['revoke', id, '--reason', 'lost', '--since', '2026-01-01T00:00:00Z'],
      'there is no --operator-key',
    ],
    [
      'a builder’s end since a time that is none',
      ['revoke', id, ...OPERATOR.slice(0, 2), '--reason', 'lost', '--since', 'May'],
      '--since takes',
    ],
    [
      'a record over a key',
      ['enroll', ...OPERATOR, ...NEW, '--out', 'b.pem'],
      'is read by this command',
    ],
  ])('%s', async (claim, args, said) => {
    const folder = await begun(`no ${claim}`);
    const names = await folder.names();
    const { exitCode, stdout, stderr } = await folder.run(['builder', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/BEGIN PRIVATE|\n {4}at /);
    expect(await folder.names()).toEqual(names);
  });

  test('a key that others can read', async () => {
    const folder = await begun('open');
    await chmod(join(folder.path, 'bw.pem'), 0o644);
    const ended = await folder.run(['builder', 'enroll', ...OPERATOR, ...NEW, ...out]);
    expect([ended.exitCode, folder.has('out')]).toEqual([2, false]);
    expect(ended.stderr).toContain('chmod 600 bw.pem');
  });
});
