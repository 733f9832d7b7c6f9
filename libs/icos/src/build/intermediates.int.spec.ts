import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { collectIntermediates, CURRENT_ERA, type IntermediateSpec } from '../index.js';

const TREE: IntermediateSpec = {
  name: 'ic-os/guestos/envs/prod/rootfs-tree.tar',
  path: '.cache/bazel/*/*/execroot/*/bazel-out/*/bin/ic-os/guestos/envs/prod/rootfs-tree.tar',
  artifacts: ['guestos/update-img', 'setupos/disk-img'],
};
const OUT = '.cache/bazel/_bazel_ubuntu/6d065581cce7ad9076e3b8db2b3afaf0/execroot/_main/bazel-out';
const FILE = `${OUT}/k8-opt/bin/ic-os/guestos/envs/prod/rootfs-tree.tar`;

let dir = '';
let home = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'intermediates-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));
beforeEach(async () => {
  home = await mkdtemp(join(dir, 'home-'));
  await leave(FILE, 'tree');
  // What Bazel keeps beside its outputs.
  await leave('.cache/bazel/_bazel_ubuntu/install/00/A-server.jar', '');
  await leave('.cache/bazel/_bazel_ubuntu/cache/repos/v1/x', '');
  await leave(`${OUT}/k8-opt-exec/bin/rs/tool`, '');
});

async function leave(path: string, text: string): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** The digest that was collected of one file on the way. */
async function digestOf(spec: Partial<IntermediateSpec> = {}): Promise<string | null | undefined> {
  const era = { intermediates: [{ ...TREE, ...spec }] };
  const [one] = await collectIntermediates({ home, era, round: null });
  return one?.found && one.found.sha256;
}

describe('what a build left on its way', () => {
  test('is found and hashed, wherever Bazel puts it in the home', async () => {
    const round = sha256('round');
    const found = {
      sha256: sha256('tree'),
      bound: sha256(
        Buffer.concat([
          Buffer.from('rq-work/v1\0'),
          Buffer.from(round, 'hex'),
          Buffer.from('tree'),
        ]),
      ),
    };
    expect(await collectIntermediates({ home, era: { intermediates: [TREE] }, round })).toEqual([
      { name: TREE.name, artifacts: TREE.artifacts, found },
    ]);
  });

  test('has another digest in another round, and none of them is that of the file', async () => {
    const boundIn = async (round: string | null) => {
      const era = { intermediates: [TREE] };
      return (await collectIntermediates({ home, era, round }))[0]?.found?.bound;
    };
    const all = [await boundIn(sha256('a')), await boundIn(sha256('b')), await boundIn(null)];
    expect(new Set([...all, sha256('tree')]).size).toBe(4);
  });

  test('is missing where the build left none, and nothing fails for it', async () => {
    const request = { era: CURRENT_ERA, round: null };
    const collected = await collectIntermediates({ home, ...request });
    expect(collected.map(({ name, found }) => [name, found && found.sha256])).toEqual([
      [TREE.name, sha256('tree')],
      ['ic-os/hostos/envs/prod/rootfs-tree.tar', null],
      ['ic-os/setupos/envs/prod/rootfs-tree.tar', null],
      ['rs/replica/replica', null],
      ['ic-os/guestos/envs/recovery/rootfs-tree.tar', null],
    ]);
    expect(await collectIntermediates({ home: join(home, 'absent'), ...request })).toEqual(
      collected.map((one) => ({ ...one, found: null })),
    );
  });

  test('is missing where two files fit, as either could be meant', async () => {
    await leave(FILE.replace('k8-opt', 'k8-fastbuild'), 'other tree');
    expect(await digestOf()).toBeNull();
    await rm(join(home, FILE));
    expect(await digestOf()).toBe(sha256('other tree'));
  });

  test('is never what a link leads to, as the file or on the way to it', async () => {
    const secret = join(dir, 'secret');
    await writeFile(secret, 'secret');
    await rm(join(home, FILE));
    await symlink(secret, join(home, FILE));
    expect(await digestOf()).toBeNull();

    await rm(join(home, OUT), { recursive: true });
    const elsewhere = join(dir, 'elsewhere');
    await mkdir(join(elsewhere, 'k8-opt/bin/ic-os/guestos/envs/prod'), { recursive: true });
    await writeFile(join(elsewhere, FILE.slice(OUT.length + 1)), 'secret');
    await symlink(elsewhere, join(home, OUT));
    expect(await digestOf()).toBeNull();
  });

  test('is nothing but a regular file', async () => {
    await rm(join(home, FILE));
    await execa('mkfifo', [join(home, FILE)]);
    expect(await digestOf()).toBeNull();
    expect(await digestOf({ path: dirname(TREE.path) })).toBeNull();
  });

  test('is not hashed when it is longer than any such file', async () => {
    await truncate(join(home, FILE), 33 * 1024 ** 3);
    expect(await digestOf()).toBeNull();
  });

  test('is not looked for in more folders than a build makes', async () => {
    for (let n = 0; n < 70; n += 1) await mkdir(join(home, `.cache/bazel/_bazel_ubuntu/${n}`));
    expect(await digestOf()).toBeNull();
  });

  test('is told only of the artifacts that are wanted', async () => {
    const era = { intermediates: [TREE] };
    const of = async (...artifacts: IntermediateSpec['artifacts']) =>
      (await collectIntermediates({ home, era, artifacts, round: null })).map(
        (one) => one.artifacts,
      );
    expect(await of('setupos/disk-img', 'hostos/update-img')).toEqual([['setupos/disk-img']]);
    expect(await of('hostos/update-img')).toEqual([]);
  });

  test('can be given up', async () => {
    const signal = AbortSignal.abort();
    const request = { home, era: { intermediates: [TREE] }, round: null, signal };
    await expect(collectIntermediates(request)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
