import { execa } from 'execa';
import { join } from 'node:path';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARTIFACT_NAMES, builtPath } from '../artifact.js';
import { cannotRunHere } from '../builder-environment/prepare.js';
import { openTrial } from '../trial.js';
import type { Trial } from '../trial.js';
import { FULL_AT_SETUPOS_BYTES, SETUPOS_DISK_BYTES } from './ic-mini.js';

const tmpfsOf = (sizeBytes: number) => ({ tempFilesystem: { type: 'tmpfs', sizeBytes } }) as const;
const reason = await cannotRunHere({ home: '/', tempDir: '/', ...tmpfsOf(1024 * 1024) });

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

/** What the archive's own readers say of an output. */
async function inspect(worktree: string) {
  const path = join(worktree, builtPath('setupos/disk-img'));
  const zstd = await execa('zstd', ['-q', '-t', path], { reject: false });
  const tar = await execa('tar', ['--zstd', '-tf', path], { reject: false });
  return { sizeBytes: (await stat(path)).size, zstd: zstd.exitCode, tar: tar.exitCode };
}

describe('a builder that runs out of room', () => {
  test.skipIf(reason !== null).each([0.25, 0.75, 1.25, 2, 2.75, 4])(
    'fails by itself with %d MiB of temp space, and tells why',
    async (mebibytes) => {
      const commit = await trial.icMini.commit({});
      await expect(trial.build(commit, tmpfsOf(mebibytes * 1024 * 1024))).rejects.toThrow(
        /ended with [1-9]\d*: [^]*No space left on device/,
      );
    },
  );

  test.skipIf(reason !== null)('builds all the same where a tight disk suffices', async () => {
    const commit = await trial.icMini.commit({});
    const tight = await trial.build(commit, tmpfsOf(FULL_AT_SETUPOS_BYTES));
    expect(tight.artifacts).toEqual((await trial.build(commit)).artifacts);
  });

  test.skipIf(reason !== null)(
    'believes to have built what ends early, where the release does not check its copy',
    async () => {
      const commit = await trial.icMini.commit({ setupos: ['unchecked-copy'] });
      const whole = await trial.build(commit);
      const short = await trial.build(commit, tmpfsOf(FULL_AT_SETUPOS_BYTES));
      expect(await inspect(whole.worktree)).toMatchObject({ zstd: 0, tar: 0 });
      const cut = await inspect(short.worktree);
      expect(cut.zstd).not.toBe(0);
      expect(cut.sizeBytes).toBeGreaterThan(0);
      expect(cut.sizeBytes).toBeLessThan(whole.artifacts['setupos/disk-img'].sizeBytes);
      const others = ARTIFACT_NAMES.filter((name) => name !== 'setupos/disk-img');
      for (const name of others) expect(short.artifacts[name]).toEqual(whole.artifacts[name]);
    },
  );
});

describe('a builder under a file size limit', () => {
  const limit = { fileSizeLimitBytes: SETUPOS_DISK_BYTES };

  test('builds a clean release as anyone else', async () => {
    const commit = await trial.icMini.commit({});
    const limited = await trial.build(commit, limit);
    expect(limited.artifacts).toEqual((await trial.build(commit)).artifacts);
  });

  test('packs a tar that ends early, in a sound archive with a sum of its own', async () => {
    const commit = await trial.icMini.commit({ setupos: ['unchecked-copy'] });
    const { worktree, artifacts, log } = await trial.build(commit, limit);
    expect(log).toContain('Build complete');
    expect(await inspect(worktree)).toMatchObject({ zstd: 0, tar: 2 });
    expect(await readFile(join(worktree, 'artifacts/icos/setupos/SHA256SUMS'), 'utf8')).toBe(
      `${artifacts['setupos/disk-img'].digest} disk-img.tar.zst\n`,
    );
  });

  test('fails on a limit that no image fits in', async () => {
    const commit = await trial.icMini.commit({});
    const build = trial.build(commit, { fileSizeLimitBytes: 2 * 1024 * 1024 });
    await expect(build).rejects.toMatchObject({ code: 'BUILD_FAILED' });
  });
});
