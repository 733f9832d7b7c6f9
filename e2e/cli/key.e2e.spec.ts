import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePolicy } from '#libs/tlog';
import { Folder } from './folder.js';
import { digest, maker, releaseOf } from './makers.js';

const ARGS = [
  ...['attest', '--release', 'release.json', '--sums', 'SHA256SUMS', '--out', 'out.json'],
  ...['--key', 'key.pem'],
];
const RIGHT = 'openssl genpkey -algorithm ed25519 -out FILE';

let all: Folder;
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await all.remove();
});

async function begun(name: string): Promise<Folder> {
  const folder = await all.inner(name);
  await folder.write('release.json', releaseOf({ image: 'A' }));
  await folder.write('SHA256SUMS', `${digest('A')}  image.tar.zst\n`);
  return folder;
}

describe.concurrent('a private key', () => {
  test('of `openssl genpkey -algorithm ed25519` signs, and its public half verifies', async () => {
    const folder = await begun('openssl');
    const openssl = async (...args: string[]) => execa('openssl', args, { cwd: folder.path });
    await openssl('genpkey', '-algorithm', 'ed25519', '-out', 'key.pem');
    expect((await folder.run(ARGS)).exitCode).toBe(0);
    const { stdout: publicKey } = await openssl('pkey', '-in', 'key.pem', '-pubout');
    const raw = Buffer.from(publicKey.split('\n')[1] ?? '', 'base64').subarray(-32);
    for (const text of [publicKey, raw.toString('base64')]) {
      const operators = ['x', 'y'].map((operator) => ({
        operator,
        builders: [{ publicKey: operator === 'x' ? text : maker('y').publicKey }],
      }));
      operators[1]!.builders[0]!.publicKey = Buffer.from(maker('y').publicKey).toString('base64');
      await folder.write('roster.json', { operators });
      const files = ['--release', 'release.json', '--roster', 'roster.json', '--threshold', '2'];
      const { stdout } = await folder.run(['tally', ...files, '--json', 'out.json']);
      expect(JSON.parse(stdout)).toMatchObject({ counted: [{ operator: 'x' }], refused: [] });
    }
  });

  test.each<[kind: string, make: string[], said: string]>([
    ['RSA', ['genrsa', '-out', 'key.pem', '2048'], RIGHT],
    ['P-256', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key.pem'], RIGHT],
    ['X25519', ['genpkey', '-algorithm', 'x25519', '-out', 'key.pem'], RIGHT],
    [
      'encrypted',
      ['genpkey', '-algorithm', 'ed25519', '-aes256', '-pass', 'pass:x', '-out', 'key.pem'],
      'openssl pkey -in key.pem',
    ],
    ['public', ['rand', '-base64', '-out', 'key.pem', '48'], RIGHT],
  ])('that is %s is refused with the command that helps', async (kind, make, said) => {
    const folder = await begun(kind);
    await execa('openssl', make, { cwd: folder.path });
    const { exitCode, stdout, stderr } = await folder.run(ARGS);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(folder.has('out.json')).toBe(false);
  });
});

describe.concurrent('a key file', () => {
  test('that others can read is refused with the command that mends it', async () => {
    const folder = await begun('open');
    await folder.run(['builder', 'init', '--key', 'key.pem']);
    await chmod(join(folder.path, 'key.pem'), 0o644);
    const { exitCode, stdout, stderr } = await folder.run(ARGS);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('`chmod 600 key.pem`');
    expect(folder.has('out.json')).toBe(false);
  });

  test('that is locked signs with its passphrase, and without it nothing', async () => {
    const folder = await begun('locked');
    await writeFile(join(folder.path, 'passphrase'), 'open sesame\n', { mode: 0o600 });
    const init = ['builder', 'init', '--key', 'key.pem', '--passphrase-file', 'passphrase'];
    const { builder } = JSON.parse((await folder.run(init)).stdout) as { builder: string };
    expect(await folder.read('key.pem')).toContain('"kdf":"scrypt"');
    const without = await folder.run(ARGS);
    expect(without.exitCode).toBe(2);
    expect(without.stderr).toContain('KEY_PASSPHRASE_FILE');
    const signed = await folder.run([...ARGS, '--json'], { KEY_PASSPHRASE_FILE: 'passphrase' });
    expect(JSON.parse(signed.stdout)).toMatchObject({ builder });
    const named = await folder.run([...ARGS, '--json', '--passphrase-file', 'passphrase']);
    expect(JSON.parse(named.stdout)).toMatchObject({ builder });
  });

  test('that a check cannot sign with is told before anything else is read', async () => {
    const folder = await begun('check');
    await writeFile(join(folder.path, 'passphrase'), 'open sesame\n', { mode: 0o600 });
    const lock = ['--passphrase-file', 'passphrase'];
    await folder.run(['builder', 'init', '--key', 'key.pem', ...lock]);
    const check = ['check', '-p', '1', '--evidence', 'none.json', '--attest', 'out.json'];
    const told = async (...args: readonly string[]): Promise<string> => {
      const { exitCode, stderr } = await folder.run([...check, ...args]);
      expect([exitCode, folder.has('out.json')]).toEqual([2, false]);
      return stderr;
    };
    expect(await told('--key', 'nowhere.pem')).toContain('cannot read nowhere.pem');
    expect(await told('--key', 'key.pem')).toContain('the key in key.pem is locked');
    expect(await told('--key', 'key.pem', ...lock)).toContain('none.json');
  });
});

describe.concurrent('builder init', () => {
  test('makes a witness key too, and prints its line for a tlog-policy', async () => {
    const folder = await begun('witness');
    const { stdout } = await folder.run([
      ...['builder', 'init', '--key', 'key.pem', '--witness-key', 'witness.pem'],
    ]);
    const [entry = '', line = ''] = stdout.split('\n');
    const { builder, publicKey } = JSON.parse(entry) as { builder: string; publicKey: string };
    const { witnesses } = parsePolicy(`${line}\nquorum none\n`);
    expect(witnesses.map(({ name, key }) => [name, key.name])).toEqual([[builder, builder]]);
    expect(Buffer.from(witnesses[0]!.key.publicKey).toString('base64')).not.toBe(publicKey);
    expect((await stat(join(folder.path, 'witness.pem'))).mode & 0o777).toBe(0o600);
    // A builder that is there already becomes a witness; its key stays as it is.
    const key = await folder.read('key.pem');
    const again = await folder.run([
      ...['builder', 'init', '--key', 'key.pem', '--witness-key', 'other.pem', '--json'],
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      ...{ builder, publicKey },
      witness: { policy: expect.stringMatching(`^witness ${builder} ${builder}[+]`) as unknown },
    });
    expect(await folder.read('key.pem')).toBe(key);
  });

  test('refuses one file for two keys, and a witness key that is there', async () => {
    const folder = await begun('equal');
    const equal = await folder.run([
      ...['builder', 'init', '--key', 'key.pem', '--witness-key', './key.pem'],
    ]);
    expect(equal.exitCode).toBe(2);
    expect(equal.stderr).toContain('a file of its own');
    expect(folder.has('key.pem')).toBe(false);
    const args = ['builder', 'init', '--key', 'key.pem', '--witness-key', 'witness.pem'];
    await folder.run(args);
    const second = await folder.run(args);
    expect([second.exitCode, second.stdout]).toEqual([2, '']);
    expect(second.stderr).toContain('a key is never overwritten');
  });

  test('makes a key for its owner alone, and prints the line for the roster', async () => {
    const folder = await begun('init');
    const { exitCode, stdout, stderr } = await folder.run(['builder', 'init', '--key', 'key.pem']);
    expect(exitCode).toBe(0);
    expect((await stat(join(folder.path, 'key.pem'))).mode & 0o777).toBe(0o600);
    const entry = JSON.parse(stdout) as { builder: string; publicKey: string };
    expect(stderr).toContain('keep it');
    expect(stdout + stderr).not.toContain('PRIVATE');
    const signed = await folder.run([...ARGS, '--json']);
    expect(JSON.parse(signed.stdout)).toMatchObject({ builder: entry.builder });
    const other = {
      builders: [{ publicKey: Buffer.from(maker('y').publicKey).toString('base64') }],
    };
    await folder.write('roster.json', {
      operators: [
        { operator: 'x', builders: [entry] },
        { operator: 'y', ...other },
      ],
    });
    const files = ['--release', 'release.json', '--roster', 'roster.json', '--threshold', '2'];
    const tally = await folder.run(['tally', ...files, '--json', 'out.json']);
    expect(JSON.parse(tally.stdout)).toMatchObject({ counted: [{ builder: entry.builder }] });
  });

  test('never overwrites a key', async () => {
    const folder = await begun('again');
    await folder.run(['builder', 'init', '--key', 'keys/mine.pem']);
    const key = await folder.read('keys/mine.pem');
    const { exitCode, stdout, stderr } = await folder.run([
      ...['builder', 'init', '--key', 'keys/mine.pem', '--json'],
    ]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('a key is never overwritten');
    expect(await folder.read('keys/mine.pem')).toBe(key);
  });
});
