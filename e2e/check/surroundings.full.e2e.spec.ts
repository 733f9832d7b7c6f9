import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEras } from '#libs/icos';
import { builtPath } from '../world/artifact.js';
import { cannotRunHere } from '../world/builder-environment/prepare.js';
import { factsOf } from '../world/build-release.js';
import { DEFAULT_ERA, type EraId } from '../world/era.js';
import { git } from '../world/git.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

const SMALL_BLOCKS = {
  tempFilesystem: { type: 'ext4', sizeBytes: 64 * 1024 ** 2, blockSizeBytes: 1024 },
} as const;
const noBlocks = await cannotRunHere({ home: '/', tempDir: '/', ...SMALL_BLOCKS });

let desk: CheckDesk;
let release: Published<EraId>;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
});
afterAll(() => desk.close());

/** A home whose builds leave what they found: environment, processors, and their own home. */
async function watching(name: string) {
  const home = join(desk.dir, name);
  await mkdir(join(home, 'temp'), { recursive: true });
  const seen = (what: string): string => join(home, `seen-${what}`);
  const conf = `env -0 > ${seen('env')}
nproc > ${seen('cpus')}
find "$HOME" -mindepth 1 > ${seen('home')}
`;
  await writeFile(join(home, '.container-run.conf'), conf);
  const read = async (what: string): Promise<string> => readFile(seen(what), 'utf8');
  return { home, read, args: ['-c', release.commit, '--build-only'] };
}

describe.concurrent('a build', () => {
  test('gets no token and no secret, and nothing that would lead it another way', async () => {
    const { home, read, args } = await watching('secrets');
    const env = {
      ...{
        HOME: home,
        GITHUB_TOKEN: 'hush-1',
        GH_TOKEN: 'hush-2',
        AWS_SECRET_ACCESS_KEY: 'hush-3',
      },
      ...{ SSH_AUTH_SOCK: '/hush-4', DOCKER_HOST: 'hush-5', http_proxy: 'http://me:hush-6@x.y' },
      ...{ CI_JOB_NAME: 'hush-7', VERSION: 'hush-8', BASH_ENV: '/dev/null', no_proxy: '*' },
    };
    expect((await desk.check(args, env)).exitCode).toBe(0);
    const seen = await read('env');
    expect(seen).not.toContain('hush');
    expect(seen).not.toContain('REPRO_QUORUM');
    expect(seen).toContain('PATH=/');
  });

  test('has a home with nothing in it but .container-run.conf, and its temp folder where told', async () => {
    const { home, read, args } = await watching('home');
    await mkdir(join(home, '.cache/bazel'), { recursive: true });
    await writeFile(join(home, '.netrc'), 'password');
    const temp = join(home, 'temp');
    const end = await desk.report([...args, '--temp-dir', temp], { HOME: home });
    expect(end.exitCode).toBe(0);
    expect(
      (await read('home'))
        .trim()
        .split('\n')
        .map((path) => basename(path)),
    ).toEqual(['.container-run.conf']);
    expect(await read('env')).toMatch(new RegExp(`TMPDIR=${temp}/repro-quorum-[0-9a-f]{16}\0`));
    expect(await readdir(temp)).toEqual([]);
    expect(end.report.facts['build.cache']).toBe('cold');
  });

  test('may be limited to one processor', async () => {
    const { home, read, args } = await watching('jobs');
    expect((await desk.check([...args, '--jobs', '1'], { HOME: home })).exitCode).toBe(0);
    expect(await read('cpus')).toBe('1\n');
  });

  test('alone compares with nothing and downloads nothing: its digests are told', async () => {
    const { home, args } = await watching('alone');
    const { systems, environment } = await desk.hosts();
    const end = await desk.report(args, { ...environment, HOME: home });
    expect(systems.requests).toEqual([]);
    expect(end.report.comparisons).toEqual([]);
    expect(end.report.artifacts.map(({ name, local }) => [name, local])).toEqual(
      Object.entries(release.artifacts).map(([name, { digest }]) => [name, digest]),
    );
    expect(new Set(end.report.artifacts.map(({ verdict }) => verdict))).toEqual(
      new Set(['undecided']),
    );
    expect([end.report.outcome, end.exitCode]).toEqual(['built', 0]);
  });

  test('is the same with one component as with all, and only that one is judged', async () => {
    const { home } = await watching('one');
    for (const [option, names] of [
      ['--guestos', ['guestos/update-img', 'guestos/launch-measurements']],
      ['--recovery', ['guestos-recovery/update-img']],
      ['--setupos', ['setupos/disk-img']],
    ] as const) {
      const { report, exitCode } = await desk.report(['-c', release.commit, option], {
        HOME: home,
      });
      expect([exitCode, ...report.artifacts.map(({ name }) => name)]).toEqual([0, ...names]);
    }
  });
});

test('a warm cache hides a defect that a cold build shows', async () => {
  const home = join(desk.dir, 'warm');
  await mkdir(home);
  const published = await desk.release({ defects: { guestos: ['timestamp'] } });
  const bare = ['-c', published.commit];
  const built = await desk.check([...bare, '--build-only', '--warm', '--keep'], { HOME: home });
  const [, kept = ''] = /Kept (\S+)/.exec(built.stderr) ?? [];
  // It is published by somebody who built it in this very home.
  for (const root of desk.world.cdnRoots) await publishFrom(join(kept, 'ic'), root, published);

  const warm = await desk.report([...bare, '--warm'], { HOME: home });
  expect(warm.report).toMatchObject({ outcome: 'reproduced', facts: { 'build.cache': 'warm' } });
  const cold = await desk.report(bare, { HOME: home });
  expect(cold.report).toMatchObject({
    outcome: 'not-reproduced',
    facts: { 'build.cache': 'cold' },
  });
  expect([warm.exitCode, cold.exitCode]).toEqual([0, 1]);
  const differing = cold.report.artifacts.filter(({ verdict }) => verdict === 'mismatch');
  expect(differing.map(({ name }) => name)).not.toContain('hostos/update-img');
  expect(differing).toHaveLength(4);
});

async function publishFrom(
  worktree: string,
  root: string,
  { artifacts }: Published<EraId>,
): Promise<void> {
  for (const [name, { cdnPath }] of Object.entries(artifacts)) {
    const file = join(root, cdnPath);
    await cp(join(worktree, builtPath(name as keyof typeof artifacts, DEFAULT_ERA)), file);
    const sums = join(dirname(file), 'SHA256SUMS');
    const others = (await readFile(sums, 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith(` ${basename(file)}`));
    const { digest } = await factsOf(file);
    await writeFile(sums, [...others, `${digest} ${basename(file)}`, ''].join('\n'));
  }
}

describe('a machine', () => {
  test('with less room than the commit needs builds and downloads nothing: exit code 2', async () => {
    const eras = await loadEras(desk.world.erasFile);
    const file = join(desk.dir, 'large-eras.json');
    const large = eras.map((era) => ({ ...era, minimumDiskBytes: 2 ** 52 }));
    await writeFile(file, JSON.stringify({ eras: large }));
    const { systems, environment } = await desk.hosts();
    const env = { ...environment, REPRO_QUORUM_ERAS: file };
    const { report, exitCode, stderr } = await desk.report(['-c', release.commit], env);
    expect(exitCode).toBe(2);
    expect(report.build).toMatchObject({ state: 'failed', stage: 'preflight' });
    expect(stderr).toMatch(/\[❌\] build-disk: .* free/);
    expect(systems.requests).toEqual([]);
  });

  test.skipIf(noBlocks !== null)(
    'whose temp filesystem the commit refuses builds nothing: exit code 2',
    async () => {
      const strict = await desk.release({ checksBlockSize: true });
      const tempDir = join(desk.dir, 'small-blocks');
      await mkdir(tempDir);
      const args = ['-c', strict.commit, '--temp-dir', tempDir];
      const inside = { tempDir, ...SMALL_BLOCKS };
      const { report, exitCode, stderr } = await desk.report(args, {}, { inside });
      expect(exitCode, stderr).toBe(2);
      expect(report.build).toMatchObject({ state: 'failed', stage: 'preflight' });
      expect(stderr).toMatch(/\[❌\] temp-block-size: 1024/);
    },
  );
});

test('a commit that nobody has is source-unavailable, and no mismatch: exit code 3', async () => {
  const { report, exitCode } = await desk.report([
    '-c',
    '0123456789012345678901234567890123456789',
  ]);
  expect(report.build).toMatchObject({
    state: 'failed',
    stage: 'source',
    class: 'source-unavailable',
  });
  expect([report.outcome, exitCode]).toEqual(['undecided', 3]);
});

test('a commit of no known era is told apart from one that nobody has: exit code 3', async () => {
  const { gitDir } = desk.world.icMini;
  const first = await git([`--git-dir=${gitDir}`, 'rev-list', '--max-parents=0', 'master']);
  const { report, exitCode } = await desk.report(['-c', first]);
  expect(report.build).toMatchObject({ state: 'failed', class: 'unsupported-commit' });
  expect(exitCode).toBe(3);
});
