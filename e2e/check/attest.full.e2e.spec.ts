import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openEnvelope,
  parseEnvelope,
  parseStatement,
  readResult,
  unarmor,
  type Result,
} from '#libs/attestation';
import { reproQuorum } from '../cli/command-line.js';
import { maker, pemOfMaker, rosterOf } from '../cli/makers.js';
import { tallyOf } from '../cli/tally-json.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk, type CheckEnd } from './check-desk.js';

let desk: CheckDesk;
let release: Published<EraId>;
let proposal: string;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
  proposal = desk.elect(release);
  for (const name of ['a', 'b']) {
    await writeFile(join(desk.dir, `${name}.pem`), pemOfMaker(name), { mode: 0o600 });
  }
});
afterAll(() => desk.close());

const signing = (name: string, file = `${name}.json`): readonly string[] => [
  ...['--attest', file, '--key', `${name}.pem`, '--consent'],
];

async function resultOf(name: string): Promise<Result> {
  const envelope = parseEnvelope(await readFile(join(desk.dir, `${name}.json`), 'utf8'));
  return readResult(parseStatement(openEnvelope(envelope, maker(name).publicKey)));
}

describe('a signed result', () => {
  let ends: readonly CheckEnd[];
  beforeAll(async () => {
    ends = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const cache = ['--cache-dir', join(desk.dir, `cache-${name}`)];
        return desk.check(['-p', proposal, ...cache, ...signing(name)]);
      }),
    );
  });

  test('verifies under the key, and holds what was built and what was seen', async () => {
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const result = await resultOf('a');
    expect(result).toMatchObject({ kind: 'built', round: null, builder: maker('a').id });
    if (result.kind !== 'built') return;
    const built = result.outputs.map(({ name, sha256 }) => [name, sha256] as const);
    expect(Object.fromEntries(built)).toEqual(
      Object.fromEntries(
        Object.entries(release.artifacts).map(([name, { digest }]) => [name, digest]),
      ),
    );
    expect(result.published.map(({ source }) => source)).toContain('proposal-url');
    expect(result.inputs).toMatchObject({ source: { gitCommit: release.commit } });
    expect(result.intermediates?.map(({ name }) => name)).toContain('rs/replica/replica');
    const other = await resultOf('b');
    expect(other).toMatchObject({ intermediates: result.intermediates });
    expect(result.intermediates?.some(({ found }) => found === null)).toBe(false);
  });

  test('says that the build was cold, and was not seen in a container', async () => {
    const { environment } = await resultOf('a');
    expect(environment).toMatchObject({
      source: 'measured',
      facts: { 'build.cache': 'cold', 'container.ran': false },
    });
  });

  test('is printed in armour for a forum, below what the check tells', async () => {
    const [{ stdout }] = ends as [CheckEnd];
    expect(stdout).toMatch(/Total time[^]*-----BEGIN REPRO-QUORUM ATTESTATION-----/);
    const file = await readFile(join(desk.dir, 'a.json'), 'utf8');
    expect(unarmor(stdout)).toEqual([parseEnvelope(file)]);
  });

  test('is taken by tally: one as the file, one out of a forum post', async () => {
    await writeFile(join(desk.dir, 'post.txt'), `b wrote:\n\n${ends[1]?.stdout ?? ''}`);
    await writeFile(
      join(desk.dir, 'roster.json'),
      JSON.stringify(rosterOf({ a: ['a'], b: ['b'] })),
    );
    await writeFile(join(desk.dir, 'release.json'), JSON.stringify(await releaseFile()));
    const files = ['--release', 'release.json', '--roster', 'roster.json', '--threshold', '2/2'];
    const end = await reproQuorum(desk.dir, ['tally', ...files, '--json', 'a.json', 'post.txt']);
    const verdicts = tallyOf(end).artifacts.map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(['reproduced']));
    expect([verdicts.length, end.exitCode]).toEqual([Object.keys(release.artifacts).length, 0]);
  });

  async function releaseFile(): Promise<object> {
    const result = await resultOf('a');
    if (result.kind !== 'built') throw new Error('it failed');
    return {
      ...{ name: result.release.name, source: { digest: result.release.digest } },
      artifacts: result.outputs.map(({ name, path }) => {
        const { digest } = Object.entries(release.artifacts).find(([own]) => own === name)![1];
        return { name, path, expected: digest, elected: name === 'guestos/update-img' };
      }),
    };
  }
});

test('a build that fails is signed as a failure, and tells no path or name of this machine', async () => {
  const home = desk.dir;
  const conf = `echo "no room in ${home} on ${hostname()}" >&2\nexit 7\n`;
  await writeFile(join(home, '.container-run.conf'), conf);
  const args = ['-p', proposal, ...signing('a', 'failed.json')];
  const { exitCode, stdout } = await desk.check([...args, '--json'], { HOME: home });
  expect(exitCode).toBe(3);
  const envelope = parseEnvelope(await readFile(join(desk.dir, 'failed.json'), 'utf8'));
  const payload = openEnvelope(envelope, maker('a').publicKey);
  expect(readResult(parseStatement(payload))).toMatchObject({
    ...{
      kind: 'failed',
      stage: 'build',
      class: 'build-error',
      message: 'build failed: build-error',
    },
  });
  const text = Buffer.from(payload).toString();
  expect([text.includes(desk.dir), text.includes('no room')]).toEqual([false, false]);
  expect(text).not.toContain(JSON.stringify(hostname()));
  // Who ran it is told all of it.
  expect(stdout).toContain(`no room in ${home}`);
});

describe('nothing is built', () => {
  const refused = async (args: readonly string[]): Promise<CheckEnd> => {
    const before = desk.world.git.requests.length;
    const end = await desk.check(['-p', proposal, '--attest', 'new.json', ...args]);
    expect(desk.world.git.requests.length).toBe(before);
    expect([end.exitCode, end.stdout]).toEqual([2, '']);
    expect(existsSync(join(desk.dir, 'new.json'))).toBe(false);
    return end;
  };

  test('without consent, and what would become public is shown: exit code 2', async () => {
    const { stderr } = await refused(['--key', 'a.pem']);
    expect(stderr).toContain('public, for ever');
    expect(stderr).toContain('os.version');
    expect(stderr).toContain('there is no consent');
  });

  test('with a key that is none: exit code 2', async () => {
    await writeFile(join(desk.dir, 'none.pem'), 'none');
    expect((await refused(['--key', 'none.pem', '--consent'])).stderr).toContain('none.pem');
  });

  test('where the signed result could not be written: exit code 2', async () => {
    const key = ['--key', 'a.pem', '--consent'];
    const elsewhere = await refused(['--attest', 'no-such-folder/new.json', ...key]);
    expect(elsewhere.stderr).toContain('cannot write no-such-folder/new.json');
    const onKey = await refused(['--attest', 'a.pem', ...key]);
    expect(onKey.stderr).toContain('a.pem is read by this command');
    expect(await readFile(join(desk.dir, 'a.pem'), 'utf8')).toBe(pemOfMaker('a'));
  });
});
