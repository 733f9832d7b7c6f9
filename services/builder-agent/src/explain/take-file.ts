import { constants } from 'node:fs';
import { copyFile, link, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Brings a file that a build left to another place, without its bytes where that can be: a second
 * name, else the name moved, else a copy, as long as there stays as much room again. The build's
 * folder is emptied soon, so it does not matter whether the file is still there afterwards.
 *
 * @returns whether it is there now
 */
export async function takeFile(from: string, to: string): Promise<boolean> {
  // Another user's file, as a container can leave it, may be moved where it cannot be linked.
  return (
    (await succeeds(() => link(from, to))) ||
    (await succeeds(() => rename(from, to))) ||
    (await succeeds(() => copyIfRoom(from, to)))
  );
}

async function copyIfRoom(from: string, to: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(to));
  const { size } = await stat(from);
  if (bavail * bsize < 2 * size) throw new Error('there is no room for a copy');
  const partial = `${to}.part`;
  try {
    await copyFile(from, partial, constants.COPYFILE_FICLONE);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

async function succeeds(step: () => Promise<void>): Promise<boolean> {
  try {
    await step();
    return true;
  } catch {
    return false;
  }
}
