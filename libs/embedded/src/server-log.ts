import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LOG_FILE = 'postgres.log';
const LOG_LIMIT_BYTES = 1 << 20;
const TAIL_BYTES = 2_000;

/** Names the log file of a data directory, after putting a grown one aside. */
export async function prepareLog(directory: string): Promise<string> {
  const path = join(directory, LOG_FILE);
  if ((await logSize(path)) > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  return path;
}

/** Tells how many bytes a log holds; none when it is missing. */
export async function logSize(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

/** Reads the end of what was written to a log from a position on. */
export async function logTail(path: string, startBytes: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const position = Math.max(startBytes, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - position));
    const { bytesRead } = await file.read({ buffer, position });
    return buffer.subarray(0, bytesRead).toString('utf8').trim();
  } finally {
    await file.close();
  }
}
