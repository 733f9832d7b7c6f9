import { lstat } from 'node:fs/promises';

/** Tells whether a file lies at a path: no folder, and no link to anywhere. */
export async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isFile() === true;
}
