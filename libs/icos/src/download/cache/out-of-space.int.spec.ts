import { writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { classifyFailure } from '../../build/failure.js';
import { beginOnce, COMMIT, fetchOnce, scratchFolder } from './cache.fixture.js';
import { openDownloadCache } from './download-cache.js';
import { digestOf, sampleFile, serves, servesZeros, startHost } from './host.fixture.js';

const MIB = 1024 ** 2;
const FILE = sampleFile(3 * MIB);
const ETAG = '"v1"';

/** Mounting wants root, and a kernel that lets root mount: a container's often does not. */
const canMount = await (async () => {
  if (process.getuid?.() !== 0) return false;
  const { exitCode } = await execa('unshare', ['--mount', 'true'], { reject: false });
  return exitCode === 0;
})();

/** A small disk of its own. */
async function smallDisk(options: string): Promise<string> {
  const folder = join(await scratchFolder(), 'disk');
  await mkdir(folder);
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(async () => {
    await execa('umount', [folder]);
  });
  return folder;
}

const outOfSpace = (text: string) =>
  expect.objectContaining({
    name: 'IcosError',
    code: 'OUT_OF_SPACE',
    message: expect.stringContaining(text) as string,
  }) as Error;

async function partsIn(dir: string): Promise<readonly string[]> {
  const names = await readdir(join(dir, COMMIT), { recursive: true });
  return names.filter((name) => name.includes('@') && !name.endsWith('.lock'));
}

describe.skipIf(!canMount)('a full disk (needs root, to mount a small one)', () => {
  test('is noticed before anything is downloaded, where the size is announced', async () => {
    const dir = await smallDisk('size=4m');
    const host = await startHost(servesZeros(5 * MIB, ETAG));
    const failure = fetchOnce(dir, `${host.origin}/x`, { retries: 3 });
    await expect(failure).rejects.toThrow(outOfSpace(`${5 * MIB} bytes more are needed`));
    await expect(failure).rejects.toThrow(outOfSpace(JSON.stringify(join(dir, COMMIT))));
    expect(host.asked).toHaveLength(1);
    expect(await partsIn(dir)).toEqual([]);
  });

  test.each([
    ['announced', { etag: ETAG, 'content-length': FILE.length }],
    ['unknown', {}],
  ])('that fills up meanwhile leaves nothing of a file of %s size', async (_, headers) => {
    const dir = await smallDisk('size=4m');
    let sendRest = () => undefined;
    const host = await startHost((__, response) => {
      response.writeHead(200, headers).write(FILE.subarray(0, MIB));
      sendRest = () => void response.end(FILE.subarray(MIB));
    });
    const onProgress = ({ receivedBytes }: { receivedBytes: number }) => {
      if (receivedBytes !== MIB) return;
      writeFileSync(join(dir, 'other'), Buffer.alloc(2 * MIB));
      sendRest();
    };
    const url = `${host.origin}/x`;
    const error: unknown = await fetchOnce(dir, url, { onProgress }).catch((why: unknown) => why);
    expect(error).toMatchObject({ name: 'IcosError', code: 'OUT_OF_SPACE' });
    expect(classifyFailure({ stage: 'published', error })).toBe('out-of-space');
    expect(await partsIn(dir)).toEqual([]);
    await rm(join(dir, 'other'));
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({ sha256: digestOf(FILE) });
  });

  test('keeps what an earlier run brought: the less is needed the next time', async () => {
    const dir = await smallDisk('size=4m');
    const host = await startHost(serves(FILE, { etag: ETAG, hangAfterBytes: MIB }));
    const url = `${host.origin}/x`;
    await beginOnce(dir, url, MIB);
    await writeFile(join(dir, 'other'), Buffer.alloc(2 * MIB));
    host.answer = serves(FILE, { etag: ETAG });
    await expect(fetchOnce(dir, url)).rejects.toThrow(outOfSpace(`${2 * MIB} bytes more`));
    await rm(join(dir, 'other'));
    expect(await fetchOnce(dir, url)).toMatchObject({ origin: 'resumed' });
  });

  test('that has no room for another name is one too', async () => {
    const opening = openDownloadCache({ dir: await smallDisk('nr_inodes=3'), commit: COMMIT });
    await expect(opening).rejects.toThrow(outOfSpace('more bytes than that'));
    const dir = await smallDisk('nr_inodes=6');
    const host = await startHost(serves(FILE, { etag: ETAG }));
    await expect(fetchOnce(dir, `${host.origin}/x`)).rejects.toThrow(outOfSpace(dir));
    expect(await partsIn(dir)).toEqual([]);
  });
});
