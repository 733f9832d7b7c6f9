import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { interrupted } from '../../error.js';

const READ_BYTES = 1024 ** 2;

/**
 * Hashes the first bytes of an open file, and returns a hash that can take more; null where the
 * file ends before them.
 *
 * Here and not in a hashing thread, as the state of a hash goes from no thread to another. It is
 * read piece by piece, so other work goes on between them.
 *
 * @throws IcosError INTERRUPTED
 */
export async function hashBeginning(
  handle: FileHandle,
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<Hash | null> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, sizeBytes));
  for (let position = 0; position < sizeBytes;) {
    if (signal?.aborted === true) throw interrupted(signal);
    const wanted = Math.min(buffer.length, sizeBytes - position);
    const { bytesRead } = await handle.read(buffer, 0, wanted, position);
    if (bytesRead === 0) return null;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash;
}
