import { mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import type { KeptArtifact } from './kept-round.js';
import { KeptStoreService } from './kept-store.service.js';

const MIB = 1024 ** 2;
const [FIRST, SECOND, THIRD] = [sha256('first'), sha256('second'), sha256('third')] as const;

let dir: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  dir = await scratchDirectory();
});

const root = (): string => join(dir, 'state/kept');
const storeOf = (
  budgetBytes: number,
  more: Readonly<Record<string, string>> = {},
): KeptStoreService =>
  new KeptStoreService(configBelow(dir, { KEPT_IMAGES_BYTES: `${budgetBytes}`, ...more }));
const artifact = (name: string): KeptArtifact => ({
  ...{ artifact: name, sha256: sha256(name), sizeBytes: MIB, manifest: sha256(`m ${name}`) },
});

/** Keeps a round of one image as a build would, a millisecond or more after the one before. */
async function keep(store: KeptStoreService, round: string, sizeBytes = MIB): Promise<void> {
  await store.begin(round, sizeBytes);
  const one = artifact(`${round.slice(0, 6)}/image`);
  const paths = store.paths(round, one.sha256);
  await writeFile(paths.image, Buffer.alloc(sizeBytes, 1));
  await writeFile(paths.manifest, 'pages');
  const before = Date.now();
  while (Date.now() === before) await stat(paths.image);
  await store.finish(round, [one]);
}

/** What there is of each round: `image`, `manifest`, both or nothing. */
async function kept(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [name, round] of Object.entries({ FIRST, SECOND, THIRD })) {
    const names = await readdir(join(root(), round)).catch(() => []);
    found[name] = names.flatMap((file) => /\.(image|manifest)$/.exec(file)?.[1] ?? []).toSorted();
  }
  return found;
}

const BOTH = ['image', 'manifest'];

describe('of the rounds that were built', () => {
  test('the newest stay, and older ones lose their images first, not their manifests', async () => {
    const store = storeOf(2.5 * MIB);
    for (const round of [FIRST, SECOND, THIRD]) await keep(store, round);
    expect(await kept()).toEqual({ FIRST: ['manifest'], SECOND: BOTH, THIRD: BOTH });
    expect((await store.find(FIRST))?.artifacts).toHaveLength(1);
  });

  test('there is room before the next is kept: a full disk is not filled further', async () => {
    const store = storeOf(2.5 * MIB);
    await keep(store, FIRST);
    await keep(store, SECOND);
    await store.begin(THIRD, 2 * MIB);
    expect(await kept()).toMatchObject({ FIRST: ['manifest'], SECOND: ['manifest'] });
  });

  test('one that is being asked stays, as long as it is asked', async () => {
    const store = storeOf(1.5 * MIB);
    await keep(store, FIRST);
    await store.whileAsked(FIRST, async () => {
      await keep(store, SECOND);
      expect(await kept()).toMatchObject({ FIRST: BOTH, SECOND: ['manifest'] });
    });
    await keep(store, THIRD);
    expect(await kept()).toEqual({ FIRST: ['manifest'], SECOND: ['manifest'], THIRD: BOTH });
  });

  test('an image counts for what it takes on the disk: holes are free', async () => {
    const store = storeOf(2.5 * MIB);
    await keep(store, FIRST);
    const { image } = store.paths(FIRST, artifact(`${FIRST.slice(0, 6)}/image`).sha256);
    await truncate(image, 100 * MIB);
    await keep(store, SECOND);
    expect(await kept()).toMatchObject({ FIRST: BOTH, SECOND: BOTH });
  });

  test('a budget that was made smaller holds from the next start on', async () => {
    for (const round of [FIRST, SECOND]) await keep(storeOf(10 * MIB), round);
    await storeOf(1.5 * MIB).onModuleInit();
    expect(await kept()).toMatchObject({ FIRST: ['manifest'], SECOND: BOTH });
    await storeOf(0).onModuleInit();
    expect(await kept()).toMatchObject({ FIRST: ['manifest'], SECOND: ['manifest'] });
  });

  test('images make way for no build that has room, nor for one that would have none without them', async () => {
    const store = storeOf(10 * MIB);
    await keep(store, FIRST);
    await store.makeRoom(join(dir, 'build'), 0);
    await store.makeRoom(join(dir, 'build'), Number.MAX_SAFE_INTEGER);
    expect(await kept()).toMatchObject({ FIRST: BOTH });
  });

  test('images are kept only where bytes are answered with', () => {
    expect(storeOf(MIB).keepsImages()).toBe(true);
    expect(storeOf(0).keepsImages()).toBe(false);
    for (const EXPLAIN of ['pages', 'off']) {
      expect(storeOf(MIB, { EXPLAIN }).keepsImages()).toBe(false);
    }
  });
});

describe('after a crash', () => {
  test('in the middle of keeping, the next start removes what was half made, and nothing else', async () => {
    const store = storeOf(10 * MIB);
    await keep(store, FIRST);
    await store.begin(SECOND, MIB);
    await writeFile(store.paths(SECOND, sha256('x')).image, 'half');
    await writeFile(join(await store.spool(), 'unpacked'), 'left');
    await storeOf(10 * MIB).onModuleInit();
    expect((await readdir(root())).toSorted()).toEqual([FIRST]);
    expect(await kept()).toMatchObject({ FIRST: BOTH });
  });

  test('between keeping and seal, the next try keeps anew', async () => {
    await keep(storeOf(10 * MIB), FIRST, 2 * MIB);
    const store = storeOf(10 * MIB);
    await keep(store, FIRST, MIB);
    expect((await stat(store.paths(FIRST, sha256(`${FIRST.slice(0, 6)}/image`)).image)).size).toBe(
      MIB,
    );
  });

  test('a file of ours that cannot be read is a round of which nothing is kept', async () => {
    const store = storeOf(10 * MIB);
    await keep(store, FIRST);
    await writeFile(join(root(), FIRST, 'kept.json'), '{"version":2}');
    await storeOf(10 * MIB).onModuleInit();
    expect(await storeOf(10 * MIB).find(FIRST)).toBeNull();
    expect(await kept()).toMatchObject({ FIRST: [] });
  });

  test('what is no round’s folder is left alone', async () => {
    await mkdir(join(root(), 'notes'), { recursive: true });
    await storeOf(0).onModuleInit();
    expect(await readdir(root())).toEqual(['notes']);
  });

  test('an agent starts also where nothing can be kept', async () => {
    await mkdir(join(dir, 'state'), { recursive: true });
    await rm(root(), { recursive: true, force: true });
    await writeFile(root(), 'a file');
    await expect(storeOf(MIB).onModuleInit()).resolves.toBeUndefined();
  });
});
