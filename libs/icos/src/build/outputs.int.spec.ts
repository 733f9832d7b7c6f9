import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { classifyFailure, collectOutputs, CURRENT_ERA, hashFile, specOf } from '../index.js';

let dir = '';
let tree = '';
const built = (name: Parameters<typeof specOf>[1]) =>
  join(tree, specOf(CURRENT_ERA, name).outputPath);
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const refusal = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as string }) as Error;
const MEASUREMENTS = JSON.stringify({
  guest_launch_measurements: [
    { measurement: Array(48).fill(1), metadata: { kernel_cmdline: 'A' } },
  ],
});

async function archive(file: string, members: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await execa('tar', ['-C', dir, '--format=gnu', '--sparse', '--zstd', '-cf', file, ...members]);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'outputs-'));
  for (const name of ['boot.img', 'root.img', 'disk.img', 'VERSION.TXT']) {
    await writeFile(join(dir, name), name.repeat(1000));
  }
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('the outputs of a build', () => {
  beforeEach(async () => {
    tree = await mkdtemp(join(dir, 'tree-'));
    for (const { name, members } of CURRENT_ERA.artifacts) {
      if (members.length > 0) await archive(built(name), members);
    }
    await writeFile(built('guestos/launch-measurements'), MEASUREMENTS);
  });

  test('are found where the era has them, checked and hashed', async () => {
    const { outputs, measurements } = await collectOutputs({ worktree: tree, era: CURRENT_ERA });
    expect(outputs.map(({ artifact }) => artifact)).toEqual(
      CURRENT_ERA.artifacts.map(({ name }) => name),
    );
    for (const { file, sha256, sizeBytes } of outputs) {
      const bytes = await readFile(file);
      expect({ sha256, sizeBytes }).toEqual({ sha256: digestOf(bytes), sizeBytes: bytes.length });
    }
    expect(outputs[3]?.releasePath).toBe('host-os/update-img/update-img.tar.zst');
    expect(measurements).toEqual([{ measurement: '01'.repeat(48), kernelCommandLine: 'A' }]);
  });

  test('can be collected in part', async () => {
    await rm(built('setupos/disk-img'));
    const artifacts = ['hostos/update-img'] as const;
    const { outputs, measurements } = await collectOutputs({
      ...{ worktree: tree, era: CURRENT_ERA, artifacts },
    });
    expect(outputs).toHaveLength(1);
    expect(measurements).toBeNull();
  });

  const collecting = async () => collectOutputs({ worktree: tree, era: CURRENT_ERA });

  test('of which one is missing give no digest at all', async () => {
    await rm(built('setupos/disk-img'));
    await expect(collecting()).rejects.toThrow(
      refusal('OUTPUT_MISSING', 'setupos/disk-img.tar.zst'),
    );
  });

  test('of which one is cut, empty, or lacks a member give no digest at all', async () => {
    const host = built('hostos/update-img');
    await truncate(host, 100);
    const error: unknown = await collecting().catch((e: unknown) => e);
    expect(error).toEqual(refusal('OUTPUT_TRUNCATED', 'hostos/update/update-img.tar.zst'));
    expect(classifyFailure({ stage: 'outputs', error })).toBe('output-truncated');
    await truncate(host, 0);
    await expect(collecting()).rejects.toThrow(refusal('OUTPUT_TRUNCATED'));
    await archive(host, ['boot.img', 'VERSION.TXT']);
    await expect(collecting()).rejects.toThrow(refusal('OUTPUT_TRUNCATED', 'root.img'));
  });

  test('that lead out of the worktree are not read', async () => {
    const host = built('hostos/update-img');
    await rm(host);
    await symlink('/etc/hostname', host);
    await expect(collecting()).rejects.toThrow(refusal('OUTPUT_MISSING', 'not a file of the'));
    await rm(dirname(host), { recursive: true });
    await archive(join(dir, 'elsewhere/update-img.tar.zst'), [
      'boot.img',
      'root.img',
      'VERSION.TXT',
    ]);
    await symlink(join(dir, 'elsewhere'), dirname(host));
    await expect(collecting()).rejects.toThrow(refusal('OUTPUT_MISSING', 'not a file of the'));
  });

  test('with measurements that are none give no digest at all', async () => {
    await writeFile(built('guestos/launch-measurements'), MEASUREMENTS.slice(0, -3));
    await expect(collecting()).rejects.toThrow(refusal('OUTPUT_TRUNCATED'));
  });

  test('can be given up', async () => {
    const signal = AbortSignal.abort();
    await expect(collectOutputs({ worktree: tree, era: CURRENT_ERA, signal })).rejects.toThrow(
      refusal('INTERRUPTED'),
    );
  });
});

describe('files', () => {
  test('are hashed off the main thread, whatever their size', async () => {
    for (const sizeBytes of [0, 1, 1024 ** 2 - 1, 1024 ** 2, 3 * 1024 ** 2 + 7]) {
      const bytes = Buffer.alloc(sizeBytes, `size ${sizeBytes}`);
      const path = join(dir, `file-${sizeBytes}`);
      await writeFile(path, bytes);
      expect(await hashFile(path)).toEqual({ sha256: digestOf(bytes), sizeBytes });
    }
  });

  test('that are none are refused: absent, a folder, a device, a pipe', async () => {
    await execa('mkfifo', [join(dir, 'pipe')]);
    for (const path of [join(dir, 'absent'), dir, '/dev/zero', join(dir, 'pipe')]) {
      await expect(hashFile(path)).rejects.toThrow(refusal('NOT_READABLE'));
    }
  });

  test('are left alone when that is no longer wanted', async () => {
    const path = join(dir, 'large');
    await execa('truncate', ['--size=4G', path]);
    const stop = new AbortController();
    const hashing = hashFile(path, stop.signal);
    stop.abort();
    await expect(hashing).rejects.toThrow(refusal('INTERRUPTED'));
  });
});
