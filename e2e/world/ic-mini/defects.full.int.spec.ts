import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mirrorConf } from '../builder-environment/builder-environment.js';
import type { BuilderEnvironment } from '../builder-environment/builder-environment.js';
import { cannotRunHere } from '../builder-environment/prepare.js';
import { startMirror } from '../mirror.js';
import type { Mirror } from '../mirror.js';
import { differing, openTrial } from '../trial.js';
import type { Trial } from '../trial.js';
import { artifactsReached } from './defects.js';
import type { Defect, OperatingSystem } from './defects.js';

type Wishes = Partial<BuilderEnvironment> & { readonly worktree?: string };

const sizeBytes = 64 * 1024 * 1024;
const onDisk: Wishes = {};
const onTmpfs: Wishes = { tempFilesystem: { type: 'tmpfs', sizeBytes } };
const blocksOf = (blockSizeBytes: 1024 | 4096): Wishes => ({
  tempFilesystem: { type: 'ext4', sizeBytes, blockSizeBytes },
});
const isMissing = async (wishes: Wishes) =>
  (await cannotRunHere({ home: '/', tempDir: '/', ...wishes })) !== null;
const isMissingFor = {
  locale: await isMissing({ locale: 'en_US.UTF-8' }),
  hostname: await isMissing({ hostname: 'a' }),
  tmpfs: await isMissing(onTmpfs),
  smallBlocks: await isMissing(blocksOf(1024)),
};

let trial: Trial;
let mirror: Mirror;
beforeAll(async () => {
  trial = await openTrial();
  mirror = await startMirror();
});
afterAll(async () => {
  await mirror.close();
  await trial.close();
});

/** Builds a release with one defect under both wishes, and names what differs. */
async function split(os: OperatingSystem, defect: Defect, one: Wishes, other: Wishes) {
  const commit = await trial.icMini.commit({ [os]: [defect] });
  return differing(await trial.build(commit, one), await trial.build(commit, other));
}

/** The defect splits under its trigger, exactly the artifacts it reaches, and not without it. */
async function expectSplit(os: OperatingSystem, defect: Defect, one: Wishes, other: Wishes) {
  const commit = await trial.icMini.commit({ [os]: [defect] });
  const first = await trial.build(commit, one);
  expect(differing(first, await trial.build(commit, other))).toEqual(artifactsReached(os, defect));
  expect(differing(first, await trial.build(commit, one))).toEqual([]);
}

describe('a defect shows under its trigger, in what it reaches, and never without', () => {
  test('package-drift: two views of a mirror that fetched at different times', async () => {
    const from = (view: string): Wishes => ({ containerRunConf: mirrorConf(mirror.url(view)) });
    mirror.set('fra', 1);
    mirror.set('sgp', 4);
    await expectSplit('hostos', 'package-drift', from('fra'), from('sgp'));
    mirror.set('nyc', 4);
    expect(await split('setupos', 'package-drift', from('sgp'), from('nyc'))).toEqual([]);
  });

  test('build-path: a worktree elsewhere', async () => {
    const commit = await trial.icMini.commit({ guestos: ['build-path'] });
    const here = await trial.build(commit, { worktree: join(trial.dir, 'here/ic') });
    const there = await trial.build(commit, { worktree: join(trial.dir, 'there/ic') });
    expect(differing(here, there)).toEqual(artifactsReached('guestos', 'build-path'));
  });

  test.skipIf(isMissingFor.locale)(
    'locale: a language whose collation mixes small and large letters',
    () => expectSplit('guestos', 'locale', { locale: 'C.UTF-8' }, { locale: 'en_US.UTF-8' }),
  );

  test('umask: modes that nobody sets', () =>
    expectSplit('hostos', 'umask', { umask: 0o022 }, { umask: 0o077 }));

  test.skipIf(isMissingFor.hostname)('hostname: another machine', () =>
    expectSplit('setupos', 'hostname', { hostname: 'builder-a' }, { hostname: 'builder-b' }),
  );

  test.skipIf(isMissingFor.tmpfs)(
    'unsorted-dir: a temp folder on tmpfs lists its files in another order',
    () => expectSplit('guestos', 'unsorted-dir', onDisk, onTmpfs),
  );

  test.skipIf(isMissingFor.smallBlocks)(
    'sparse-map: a temp filesystem of 1024-byte blocks has finer holes than any of 4096',
    async () => {
      await expectSplit('guestos', 'sparse-map', blocksOf(4096), blocksOf(1024));
      expect(await split('guestos', 'sparse-map', onTmpfs, blocksOf(4096))).toEqual([]);
      expect(await split('guestos', 'sparse-map', onTmpfs, onDisk)).toEqual([]);
    },
  );

  test('timestamp: every build has its own', async () => {
    const reached = artifactsReached('guestos', 'timestamp');
    expect(await split('guestos', 'timestamp', {}, {})).toEqual(reached);
  });

  test('random-uuid: every build has its own', async () => {
    const reached = artifactsReached('setupos', 'random-uuid');
    expect(await split('setupos', 'random-uuid', {}, {})).toEqual(reached);
  });

  test('mtime: every second has its own', async () => {
    const commit = await trial.icMini.commit({ hostos: ['mtime'] });
    const first = await trial.build(commit);
    const ended = Math.floor(Date.now() / 1000);
    while (Math.floor(Date.now() / 1000) === ended) await delay(20);
    const reached = artifactsReached('hostos', 'mtime');
    expect(differing(first, await trial.build(commit))).toEqual(reached);
  });
});

describe('package-drift', () => {
  test('fails without a mirror that answers', async () => {
    const commit = await trial.icMini.commit({ hostos: ['package-drift'] });
    const conf = mirrorConf('http://127.0.0.1:9/gone');
    await expect(trial.build(commit, { containerRunConf: conf })).rejects.toThrow(
      /curl: \(7\) Failed to connect/,
    );
  });
});
