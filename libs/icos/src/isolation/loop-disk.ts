import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { parseMountTable } from '../build/mount-table.js';
import { IcosError } from '../error.js';

/** The block size that releases ask of a temp filesystem: archives of images follow it. */
const BLOCK_BYTES = '4096';
const TIMEOUT_MS = 300_000;

/**
 * Makes a folder a filesystem of its own and of fixed size: an ext4 in a file beside it, whose room is
 * taken from the disk at once. Root only.
 *
 * @throws IcosError OUT_OF_SPACE when the disk has not that much; NOT_STARTED for anything else
 * Source: fallocate(1), mke2fs(8), mount(8)
 */
export async function mountDisk(folder: string, sizeBytes: number): Promise<void> {
  await unmountDisk(folder);
  await mkdir(folder, { recursive: true });
  const image = imageOf(folder);
  await run('fallocate', '--length', String(sizeBytes), image);
  await run('mkfs.ext4', '-q', '-F', '-b', BLOCK_BYTES, '-m', '0', image);
  // Not nosuid: an engine without root keeps the files of its containers in the home.
  await run('mount', '-o', 'loop,nodev', image, folder);
}

/** Takes away what {@link mountDisk} made, with all that is in it; without such a thing, nothing. */
export async function unmountDisk(folder: string): Promise<void> {
  const path = await realpath(folder).catch(() => folder);
  const table = parseMountTable(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
  if (table.some(({ point }) => point === path)) {
    // Lazily: a process that hangs in the kernel must not keep the next build from its folder.
    await run('umount', '--lazy', path);
  }
  await rm(imageOf(folder), { force: true });
}

function imageOf(folder: string): string {
  return `${folder}.disk`;
}

async function run(file: string, ...args: readonly string[]): Promise<void> {
  const { failed, stderr } = await execa(file, args, {
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', timeout: TIMEOUT_MS },
  });
  if (!failed) return;
  const code = /No space left/i.test(stderr) ? 'OUT_OF_SPACE' : 'NOT_STARTED';
  throw new IcosError(code, `no disk for a build: ${file}: ${quote(stderr.slice(-300))}`);
}
