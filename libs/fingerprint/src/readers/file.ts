import { constants, open } from 'node:fs/promises';
import { attempt } from '../attempt.js';

const MAX_BYTES = 4 * 1024 * 1024;
/** Files of /proc/sys answer a read of 4 MiB with ENOMEM. */
const PIECE_BYTES = 64 * 1024;

/** Reads a regular file as bytes, at most 4 MiB of it. */
export async function readBytes(path: string): Promise<Buffer> {
  // A pipe in place of the file would block without O_NONBLOCK, and a device might never end.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('not a regular file');
    // Files of /proc say that their size is 0, so they are read until they end.
    const buffer = Buffer.alloc(MAX_BYTES);
    let length = 0;
    for (let read = -1; read !== 0 && length < MAX_BYTES; length += read) {
      const wanted = Math.min(PIECE_BYTES, MAX_BYTES - length);
      read = (await file.read(buffer, length, wanted)).bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** Reads a regular file as text; `null` when it cannot be read in time. */
export async function readText(path: string, timeoutMs: number): Promise<string | null> {
  return attempt(timeoutMs, async () => (await readBytes(path)).toString('utf8'));
}
