import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { collectIntermediates, CURRENT_ERA } from '#libs/icos';
import { builtPath } from '../artifact.js';
import { openTrial } from '../trial.js';
import type { Trial } from '../trial.js';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

/** What a build left, by its name. */
async function leftIn(home: string): Promise<Readonly<Record<string, string | null>>> {
  const collected = await collectIntermediates({ home, era: CURRENT_ERA, round: null });
  return Object.fromEntries(collected.map(({ name, found }) => [name, found && found.sha256]));
}

describe('what a build leaves on its way', () => {
  test('is all that the era names, the same in two environments', async () => {
    const commit = await trial.icMini.commit({});
    const one = await trial.build(commit, { umask: 0o022 });
    const left = await leftIn(one.environment.home);
    expect(Object.keys(left)).toEqual(CURRENT_ERA.intermediates.map(({ name }) => name));
    expect(Object.values(left)).not.toContain(null);
    expect(new Set(Object.values(left)).size).toBe(CURRENT_ERA.intermediates.length);

    const worktree = join(trial.dir, 'quite/elsewhere/ic');
    const other = await trial.build(commit, { umask: 0o077, worktree });
    expect(await leftIn(other.environment.home)).toEqual(left);
  });

  test('is in no image: the linked replica is longer than the one that runs', async () => {
    const { worktree, environment } = await trial.build(await trial.icMini.commit({}));
    const image = join(worktree, builtPath('guestos/update-img'));
    const tar = ['--zstd', '-xOf', image, 'root.img'] as const;
    const { stdout: root } = await execa('tar', tar, { encoding: 'buffer', maxBuffer: 2 ** 24 });
    const out = '.cache/bazel/_bazel_ubuntu/6d065581cce7ad9076e3b8db2b3afaf0/execroot/_main';
    const linked = await readFile(
      join(environment.home, out, 'bazel-out/k8-opt-ST-1c051c051c05/bin/rs/replica/replica'),
    );
    expect(Buffer.from(root).includes(linked.subarray(0, 4096))).toBe(true);
    expect(Buffer.from(root).includes(linked.subarray(-512))).toBe(false);
    const left = await leftIn(environment.home);
    expect(left['rs/replica/replica']).toBe(sha256(linked));
  });

  test('tells a defect of the container’s tree, and none that comes after it', async () => {
    const left = async (...defects: ('umask' | 'timestamp')[]) => {
      const commit = await trial.icMini.commit({ hostos: defects });
      const { environment } = await trial.build(commit, { umask: 0o077 });
      return (await leftIn(environment.home))['ic-os/hostos/envs/prod/rootfs-tree.tar'];
    };
    const clean = await left();
    expect(await left('timestamp')).toBe(clean);
    expect(await left('umask')).not.toBe(clean);
  });

  test('comes back with an image that a warm home has', async () => {
    const home = join(trial.dir, 'warm');
    const commit = await trial.icMini.commit({});
    await trial.build(commit, { home });
    const left = await leftIn(home);
    await trial.build(await trial.icMini.commit({ hostos: ['umask'] }), { home, umask: 0o077 });
    expect(await leftIn(home)).not.toEqual(left);
    const { log } = await trial.build(commit, { home });
    expect(log).toContain('disk cache hit');
    expect(await leftIn(home)).toEqual(left);
  });

  test('is nothing in the eras whose containers take it with them', async () => {
    for (const era of ['gitlab-os-folders', 'docker-one-image'] as const) {
      const commit = await trial.icMini.commit({}, undefined, { era });
      const { environment } = await trial.build(commit, { era });
      expect(Object.values(await leftIn(environment.home)).every((one) => one === null)).toBe(true);
    }
  });
});
