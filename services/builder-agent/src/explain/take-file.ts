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
    (await succeeds(link(from, to))) ||
    (await succeeds(rename(from, to))) ||
    (await copyIfRoom(from, to))
  );
}

async function copyIfRoom(from: string, to: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dirname(to));
  const { size } = await stat(from);
  if (bavail * bsize < 2 * size) return false;
  const isCopied = await succeeds(
    copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
  );
  if (!isCopied) await rm(to, { force: true });
  return isCopied;
}

async function succeeds(step: Promise<void>): Promise<boolean> {
  try {
    await step;
    return true;
  } catch {
    return false;
  }
}
