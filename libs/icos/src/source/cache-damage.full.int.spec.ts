import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgeIndex } from './pack-index.fixture.js';
import { run, startTrial, type Trial } from './trial.fixture.js';

const GONE = 'http://127.0.0.1:1/gone.git';
const needsBranches = async () => Promise.resolve(true);

let trial: Trial;
/** Caches with one commit, with two, and with all branches. */
let [alone, shared, whole] = ['', '', ''];
beforeAll(async () => {
  trial = await startTrial();
  alone = await trial.warmCache();
  shared = await trial.warmCache();
  await trial.get({ cacheDir: shared, commit: trial.origin.tip });
  whole = await trial.warmCache({ needsBranches });
});
afterAll(async () => trial.end());

async function copyOf(cacheDir: string): Promise<string> {
  const copy = trial.newPath('cache');
  await cp(cacheDir, copy, { recursive: true });
  return copy;
}

async function isRight(cacheDir: string): Promise<void> {
  const { worktree } = await trial.get({ cacheDir });
  expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('old');
  await run(worktree, 'fsck', '--strict');
}

/** The pack that holds the commit's files. */
async function largestPack(cacheDir: string): Promise<string> {
  const folder = join(cacheDir, 'objects/pack');
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(packs.map(async (name) => (await stat(join(folder, name))).size));
  return join(folder, packs[sizes.indexOf(Math.max(...sizes))]!);
}

/** Puts a pack with exactly these objects in the place of all. */
async function repack(cacheDir: string, ids: readonly string[]): Promise<string> {
  const packs = join(cacheDir, 'objects/pack');
  const stem = join(cacheDir, 'new');
  const input = ids.join('\n');
  const { stdout } = await execa('git', ['pack-objects', '-q', stem], { cwd: cacheDir, input });
  for (const name of await readdir(packs)) await rm(join(packs, name));
  for (const end of ['pack', 'idx']) {
    const name = `pack-${stdout}.${end}`;
    await writeFile(join(packs, name), await readFile(`${stem}-${stdout}.${end}`));
  }
  return join(packs, `pack-${stdout}.idx`);
}

async function allObjects(gitDir: string): Promise<string[]> {
  const text = await run(gitDir, ...['cat-file', '--batch-all-objects', '--batch-check']);
  return text.split('\n').map((line) => line.slice(0, 40));
}

const blobOf = async (cacheDir: string) =>
  run(cacheDir, 'rev-parse', `${trial.origin.old}:version`);

const damages: Readonly<Record<string, (cacheDir: string) => Promise<unknown>>> = {
  async 'lacks a file'(cacheDir) {
    const blob = await blobOf(cacheDir);
    await repack(
      cacheDir,
      (await allObjects(cacheDir)).filter((id) => id !== blob),
    );
  },
  async 'lacks a folder'(cacheDir) {
    const tree = await run(cacheDir, 'rev-parse', `${trial.origin.old}^{tree}`);
    await repack(
      cacheDir,
      (await allObjects(cacheDir)).filter((id) => id !== tree),
    );
  },
  async 'has a file in which one bit fell over'(cacheDir) {
    const pack = await largestPack(cacheDir);
    const bytes = await readFile(pack);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    await rm(pack);
    await writeFile(pack, bytes);
  },
  async 'has a pack that ends early'(cacheDir) {
    const pack = await largestPack(cacheDir);
    await truncate(pack, (await readFile(pack)).length - 30);
  },
  'has an empty pack': async (cacheDir) => truncate(await largestPack(cacheDir), 0),
  async 'has an empty index'(cacheDir) {
    await truncate((await largestPack(cacheDir)).replace(/pack$/, 'idx'), 0);
  },
  'has a pack without an index': async (cacheDir) =>
    rm((await largestPack(cacheDir)).replace(/pack$/, 'idx')),
  async 'has another file under a file’s id'(cacheDir) {
    const blob = await blobOf(cacheDir);
    const args = ['hash-object', '-w', '--stdin'];
    const { stdout: evil } = await execa('git', args, { cwd: cacheDir, input: 'EVIL' });
    const kept = (await allObjects(cacheDir)).filter((id) => id !== blob);
    const index = await repack(cacheDir, kept);
    await forgeIndex(index, evil, blob);
    // The forgery is a good one.
    expect(await run(cacheDir, 'cat-file', 'blob', blob)).toBe('EVIL');
  },
  async 'has another folder under a folder’s id'(cacheDir) {
    const tree = await run(cacheDir, 'rev-parse', `${trial.origin.old}^{tree}`);
    const blob = await blobOf(cacheDir);
    const args = ['mktree'];
    const input = `100755 blob ${blob}\tversion\n100755 blob ${blob}\tevil\n`;
    const { stdout: evil } = await execa('git', args, { cwd: cacheDir, input });
    const kept = (await allObjects(cacheDir)).filter((id) => id !== tree);
    await forgeIndex(await repack(cacheDir, kept), evil, tree);
    expect(await run(cacheDir, 'cat-file', 'tree', tree)).toContain('evil');
  },
  'has nonsense for a boundary': async (cacheDir) =>
    writeFile(join(cacheDir, 'shallow'), 'nonsense\n'),
  'has nonsense for refs': async (cacheDir) =>
    appendFile(join(cacheDir, 'packed-refs'), 'nonsense\n'),
};

describe('a cache that', () => {
  test.each(Object.keys(damages))('%s gives the commit all the same', async (name) => {
    const cacheDir = await copyOf(alone);
    await damages[name]!(cacheDir);
    await isRight(cacheDir);
  });

  // With another commit beside it, the commit is not copied but asked for.
  test.each([
    'lacks a file',
    'has a file in which one bit fell over',
    'has another file under a file’s id',
  ])('%s gives it beside other commits, too', async (name) => {
    const cacheDir = await copyOf(shared);
    await damages[name]!(cacheDir);
    await isRight(cacheDir);
  });

  test('was damaged is renewed, so that the next build needs no host', async () => {
    const cacheDir = await copyOf(alone);
    await damages['lacks a file']!(cacheDir);
    await expect(trial.get({ cacheDir, gitUrl: GONE })).rejects.toThrow(
      expect.objectContaining({ code: 'NETWORK' }),
    );
    await isRight(cacheDir);
    expect(await trial.get({ cacheDir, gitUrl: GONE })).toMatchObject({ isClean: true });
  });

  test('is damaged does not keep another commit from being fetched', async () => {
    const cacheDir = await copyOf(alone);
    await damages['has a file in which one bit fell over']!(cacheDir);
    const { worktree } = await trial.get({ cacheDir, commit: trial.origin.tip });
    expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('tip');
  });
});

/** Mounting wants root, and a kernel that lets root mount: a container's often does not. */
const canMount =
  process.getuid?.() === 0 &&
  (await execa('unshare', ['--mount', 'true'], { reject: false })).exitCode === 0;

describe.runIf(canMount)('a disk that is full (needs root, to mount a small one)', () => {
  // At the first files, at the packs, at the checkout.
  test.each([4, 20, 44, 64])('with %i KiB is no fault of the cache', async (sizeKib) => {
    const cacheDir = await copyOf(alone);
    const worktreeDir = trial.newPath('tree');
    await mkdir(worktreeDir);
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'none', worktreeDir]);
    try {
      await expect(trial.get({ cacheDir, worktreeDir })).rejects.toThrow(
        expect.objectContaining({ code: 'OUT_OF_SPACE' }),
      );
    } finally {
      await execa('umount', [worktreeDir]);
    }
    expect(await trial.get({ cacheDir, gitUrl: GONE })).toMatchObject({ isClean: true });
  });
});

describe('a history that', () => {
  test.each<[string, () => string, (cacheDir: string) => Promise<unknown>]>([
    [
      'somebody cut',
      () => whole,
      async (cacheDir) => writeFile(join(cacheDir, 'shallow'), `${trial.origin.old}\n`),
    ],
    ['somebody made look whole', () => alone, async (cacheDir) => rm(join(cacheDir, 'shallow'))],
    [
      'lacks an old commit',
      () => whole,
      async (cacheDir) => {
        const first = await run(cacheDir, 'rev-parse', `${trial.origin.old}^`);
        const kept = (await allObjects(cacheDir)).filter((id) => id !== first);
        await repack(cacheDir, kept);
      },
    ],
    [
      'has another file under a file’s id',
      () => whole,
      async (cacheDir) => damages['has another file under a file’s id']!(cacheDir),
    ],
  ])('%s is whole again', async (_, cache, damage) => {
    const cacheDir = await copyOf(cache());
    await damage(cacheDir);
    const { tip, old } = trial.origin;
    const { worktree } = await trial.get({ cacheDir, commit: tip, needsBranches });
    expect(await run(worktree, 'rev-list', '--count', 'HEAD')).toBe('3');
    expect(await run(worktree, 'branch', '-r', '--contains', old)).toContain('rc--2024-02');
    await run(worktree, 'fsck', '--strict');
  });
});
