import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git } from '../world/git.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

interface Plan {
  readonly commit: string;
  readonly proposal: { readonly id: string; readonly elects: string } | null;
  readonly downloadFrom: readonly string[];
  readonly components: readonly string[] | string;
  readonly cacheDir: string;
  readonly tempDir: string;
  readonly cache: string;
}

/** No repository has it. */
const OTHER = '0123456789012345678901234567890123456789';

let desk: CheckDesk;
let release: Published<EraId>;
let proposal: string;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
  proposal = desk.elect(release);
});
afterAll(() => desk.close());

const planOf = async (args: readonly string[], cwd?: string): Promise<Plan> => {
  const place = cwd === undefined ? {} : { cwd };
  const { stdout, stderr } = await desk.check([...args, '--dry-run', '--json'], {}, place);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Plan;
};

describe.concurrent('which commit is checked', () => {
  test('is told by --proposal-id: the one that the proposal elects', async () => {
    const { commit, proposal: read } = await planOf(['--proposal-id', proposal]);
    expect([commit, read]).toMatchObject([
      release.commit,
      { id: proposal, elects: 'guestos/update-img' },
    ]);
  });

  test('is told by --commit', async () => {
    expect(await planOf(['--commit', OTHER])).toMatchObject({ commit: OTHER, proposal: null });
  });

  test('may be told by both if they agree', async () => {
    expect((await planOf(['-p', proposal, '-c', release.commit])).commit).toBe(release.commit);
  });

  test('is not told by both if they disagree: neither goes before the other', async () => {
    const { exitCode, stderr } = await desk.check(['-p', proposal, '-c', OTHER]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `proposal ${proposal} elects ${release.commit}, and --commit says ${OTHER}`,
    );
  });

  test('is without options the HEAD of the repository in the folder', async () => {
    const clone = join(desk.dir, 'clone');
    await git(['clone', '--quiet', '--no-checkout', desk.world.icMini.gitDir, clone]);
    await git(['-C', clone, 'update-ref', '--no-deref', 'HEAD', release.commit]);
    expect((await planOf([], clone)).commit).toBe(release.commit);
  });

  test('is unknown without options outside of any repository', async () => {
    const { exitCode, stderr } = await desk.check([]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no git repository')]);
  });
});

describe.concurrent('what is planned', () => {
  test('are all components that the commit builds, unless some are named', async () => {
    const { components } = await planOf(['-c', OTHER]);
    expect(components).toBe('all that the commit builds');
    const named = ['--guestos', '--hostos', '--setupos', '--recovery'];
    expect((await planOf(['-c', OTHER, ...named])).components).toEqual(
      named.map((option) => option.slice(2)),
    );
  });

  test('are downloads from systems, from network, or from both', async () => {
    const { systems, network } = desk.world;
    const from = async (...args: string[]) => (await planOf(['-c', OTHER, ...args])).downloadFrom;
    expect(await from()).toEqual([systems.url]);
    expect(await from('--download-source', 'network')).toEqual([network.url]);
    expect(await from('--download-source', 'both')).toEqual([systems.url, network.url]);
  });

  test('are caches in the home, and elsewhere where --cache-dir and --temp-dir say so', async () => {
    const { cacheDir, cache } = await planOf(['-c', OTHER]);
    expect([cacheDir, cache]).toEqual([join(desk.home, '.cache/repro-quorum'), 'cold']);
    const dirs = ['--cache-dir', join(desk.dir, 'elsewhere'), '--temp-dir', join(desk.dir, 'tmp')];
    expect(await planOf(['-c', OTHER, ...dirs, '--warm'])).toMatchObject({
      ...{ cacheDir: dirs[1], tempDir: dirs[3], cache: 'warm' },
    });
  });

  test('is drawn for a terminal', async () => {
    const { exitCode, stdout } = await desk.check(['-p', proposal, '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[ℹ️] Nothing was downloaded or built.');
    expect(stdout).toMatch(new RegExp(`commit +${release.commit}`));
    expect(stdout).toMatch(/build +cold/);
  });
});

test('a dry run fetches no source, downloads nothing, and removes nothing', async () => {
  const kept = join(desk.home, '.cache/repro-quorum/downloads', OTHER);
  await mkdir(kept, { recursive: true });
  await writeFile(`${kept}.lock`, '');
  const seen = () => [
    desk.world.git.requests.length,
    desk.world.systems.requests.length,
    desk.world.network.requests.length,
  ];
  const before = seen();
  await planOf(['-p', proposal, '--clean', '--download-source', 'both']);
  expect(seen()).toEqual(before);
  expect(await readdir(join(kept, '..'))).toEqual([OTHER, `${OTHER}.lock`]);
  expect(await readdir(join(desk.home, '.cache/repro-quorum/builds'))).toEqual([]);
});

describe.concurrent('a check is refused', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['--clean of a folder that was named by hand', ['--clean', '--cache-dir', 'x'], /--clean does/],
    ['a proposal that is no number', ['-p', 'x'], /--proposal-id takes a number, not "x"/],
    ['a number with a sign', ['-p', '-1'], /--proposal-id takes a number/],
    ['a commit that is cut short', ['-c', '0123456'], /40 hexadecimal characters/],
    ['a branch', ['-c', 'master'], /40 hexadecimal characters/],
    ['another download source', ['-c', OTHER, '--download-source', 'mine'], /systems, network or/],
    ['processors that are no number', ['-c', OTHER, '--jobs', '0'], /--jobs/],
    ['a dry run that is to build', ['-c', OTHER, '--dry-run', '--build-only'], /one of them/],
    ['to sign without a key', ['-c', OTHER, '--attest', 'me.json'], /belong together/],
    ['a key without a file to sign into', ['-c', OTHER, '--key', 'key.pem'], /belong together/],
    ['provenance without its root', ['-c', OTHER, '--provenance', 'x'], /belong together/],
    ['evidence that is not there', ['--evidence', 'none.json'], /cannot read none.json/],
    ['an option that does not exist', ['-c', OTHER, '--icos'], /unknown option '--icos'/],
  ])('for %s, with exit code 2', async (_, args, words) => {
    const { exitCode, stdout, stderr } = await desk.check(args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringMatching(words)]);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a root key that is none', { REPRO_QUORUM_NNS_ROOT_KEY: 'x' }, /ROOT_KEY is no key/],
    ['a table of eras that is none', { REPRO_QUORUM_ERAS: '/dev/null' }, /no table of eras/],
  ])('for %s in the environment, with exit code 2', async (_, env, words) => {
    const { exitCode, stderr } = await desk.check(['-c', OTHER], env);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});

test('what the environment points elsewhere is named: it is not about the Internet Computer', async () => {
  const { stderr } = await desk.check(['-c', OTHER, '--dry-run']);
  expect(stderr).toMatch(/not about the Internet Computer: .*REPRO_QUORUM_GIT_URL/);
});

test('a component that commits of the era do not build is refused, and what they build is named', async () => {
  const old = await desk.release({ era: 'gitlab-one-image' });
  const { exitCode, stderr } = await desk.check(['-c', old.commit, '--hostos']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('commits of this era (gitlab-one-image) build no hostos');
  expect(stderr).toContain('they build guestos');
});

test.each(['--debug', '--verbose', '--keep'])(
  '%s keeps the folders of a build, and says where they are',
  async (option) => {
    const args = ['-c', OTHER, '--cache-dir', join(desk.dir, `kept${option}`)];
    const { exitCode, stderr } = await desk.check([...args, option]);
    expect(exitCode).toBe(3);
    expect(stderr.includes('[🐞]')).toBe(option !== '--keep');
    const [, kept = ''] = /Kept (\S+)/.exec(stderr) ?? [];
    expect(await readdir(kept)).toContain('temp-dir');
  },
);
