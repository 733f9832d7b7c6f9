import { lstat, opendir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { SYSTEM_PATH } from '../build/system-path.js';
import { isOf, type BuildUser } from './build-user.js';

/** Folders in which every user may write: a build can fill them as well as its own. */
export const SHARED_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm'] as const;

const BLOCK_BYTES = 512;
/** Of a path that the kernel takes, without the zero that ends it. Source: limits.h, PATH_MAX */
const MAX_PATH_BYTES = 4095;

/** Gives what is free for others than root, on the fullest of the folders' filesystems. */
export async function freeBytesOf(folders: readonly string[]): Promise<number> {
  const free = await Promise.all(
    folders.map(async (folder) => {
      // A build may remove a folder of its own; the others' disks are looked at all the same.
      const facts = await statfs(folder).catch(() => null);
      return facts === null ? Infinity : facts.bavail * facts.bsize;
    }),
  );
  return Math.min(...free);
}

/** Picks the folders on whose filesystems so much is free for others than root. */
export async function foldersWithFree(
  folders: readonly string[],
  sizeBytes: number,
): Promise<readonly string[]> {
  const free = await Promise.all(folders.map((folder) => freeBytesOf([folder])));
  return folders.filter((_, at) => (free[at] ?? 0) >= sizeBytes);
}

/**
 * Adds up what folders take of disks, and what a build's user has in the folders of everybody; no
 * further than to a limit. Links are not followed, and what has several names counts once.
 */
export async function takenBytes(
  folders: readonly string[],
  user: BuildUser | null,
  limitBytes: number,
): Promise<number> {
  const waiting = [...folders];
  if (user !== null) waiting.push(...(await ownedIn(SHARED_FOLDERS, user)));
  const counted = new Set<string>();
  let taken = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const facts = await lstat(path).catch(() => null);
    if (facts === null) continue;
    const id = `${facts.dev} ${facts.ino}`;
    if (counted.has(id)) continue;
    // The temp folder may lie in a folder of everybody, and be found there again.
    if (facts.nlink > 1 || facts.isDirectory()) counted.add(id);
    taken += facts.blocks * BLOCK_BYTES;
    if (taken > limitBytes) return taken;
    if (!facts.isDirectory()) continue;
    // Not all at once: a folder may have been given a million entries on purpose.
    const entries = await opendir(path).catch(() => null);
    if (entries === null) continue;
    let isTooDeep = false;
    for await (const { name } of entries) {
      const inner = join(path, name);
      isTooDeep ||= Buffer.byteLength(inner) > MAX_PATH_BYTES;
      if (!isTooDeep) waiting.push(inner);
    }
    if (isTooDeep) taken += await deepBytes(path);
  }
  return taken;
}

/** What is nested deeper than a path can tell, a build could hide from us. Source: du(1) */
async function deepBytes(folder: string): Promise<number> {
  const { stdout } = await execa('du', ['--summarize', '--block-size=1', '--', folder], {
    ...{ env: { PATH: SYSTEM_PATH, LC_ALL: 'C' }, extendEnv: false, cwd: '/' },
    // It ends with 1 where something goes while it is being counted.
    ...{ reject: false, stdin: 'ignore', stderr: 'ignore' },
  });
  return Number(/^\d+/.exec(stdout)?.[0] ?? 0);
}

/** What belongs to a build's user among the entries of folders. */
export async function ownedIn(
  folders: readonly string[],
  user: BuildUser,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await opendir(folder).catch(() => null);
    if (entries === null) continue;
    for await (const { name } of entries) {
      const path = join(folder, name);
      const facts = await lstat(path).catch(() => null);
      if (facts !== null && isOf(user, facts.uid)) found.push(path);
    }
  }
  return found;
}
