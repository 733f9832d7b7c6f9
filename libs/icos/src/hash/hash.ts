import { Worker } from 'node:worker_threads';
import { asSha256, quote, type Sha256 } from '#libs/encoding';
import { IcosError, interrupted } from '../error.js';
import { HASH_WORKER } from './hash-worker.js';

/** Digest and size of a file, from one and the same reading. */
export interface HashedFile {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

/** The same with the digest of a prefix and the file. */
export interface BoundFile extends HashedFile {
  readonly bound: Sha256;
}

type Answer =
  | { readonly sha256: string; readonly bound: string; readonly sizeBytes: number }
  | { readonly error: string };

/**
 * Hashes a file off the main thread.
 *
 * @throws IcosError NOT_READABLE when it is no regular file, cannot be read, or changes meanwhile;
 * INTERRUPTED
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<HashedFile> {
  const { sha256, sizeBytes } = await read(path, null, signal);
  return { sha256: asSha256(sha256), sizeBytes };
}

/**
 * Hashes a file off the main thread, and in the same reading the file behind a prefix.
 *
 * @throws IcosError as {@link hashFile}
 */
export async function hashBound(
  path: string,
  prefix: Uint8Array,
  signal?: AbortSignal,
): Promise<BoundFile> {
  const { sha256, bound, sizeBytes } = await read(path, prefix, signal);
  return { sha256: asSha256(sha256), bound: asSha256(bound), sizeBytes };
}

async function read(
  path: string,
  prefix: Uint8Array | null,
  signal: AbortSignal | undefined,
): Promise<Exclude<Answer, { readonly error: string }>> {
  const worker = new Worker(HASH_WORKER, { eval: true, workerData: { path, prefix } });
  const onAbort = (): void => void worker.terminate();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.on('message', resolve);
      worker.on('error', reject);
      worker.on('exit', () => {
        reject(new Error('the hashing thread ended without an answer'));
      });
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  } catch (cause) {
    if (signal?.aborted === true) throw interrupted(signal);
    throw new IcosError('NOT_READABLE', `cannot hash ${quote(path)}`, { cause });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
