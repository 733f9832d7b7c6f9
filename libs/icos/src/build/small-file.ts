import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Reads at most `maxBytes` of a regular file, links followed; null when there is none. A pipe or a
 * device in its place is none, and cannot make the reader wait.
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && MISSING.has(String(error.code))) return null;
      throw error;
    },
  );
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    const chunks: Buffer[] = [];
    // In pieces until the end: files of /proc say that they are empty.
    for (let sizeBytes = 0; sizeBytes < maxBytes;) {
      const chunk = Buffer.alloc(Math.min(64 * 1024, maxBytes - sizeBytes));
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
      sizeBytes += bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}
