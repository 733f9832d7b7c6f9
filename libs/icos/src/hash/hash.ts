import { Worker } from 'node:worker_threads';
import { asSha256, quote, type Sha256 } from '#libs/encoding';
import { IcosError, interrupted } from '../error.js';
import { HASH_WORKER } from './hash-worker.js';

/** Digest and size of a file, from one and the same reading. */
export interface HashedFile {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

type Answer = { readonly sha256: string; readonly sizeBytes: number } | { readonly error: string };

/**
 * Hashes a file off the main thread.
 *
 * @throws IcosError NOT_READABLE when it is no regular file, cannot be read, or changes meanwhile;
 * INTERRUPTED
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<HashedFile> {
  const worker = new Worker(HASH_WORKER, { eval: true, workerData: path });
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
    return { sha256: asSha256(answer.sha256), sizeBytes: answer.sizeBytes };
  } catch (cause) {
    if (signal?.aborted === true) throw interrupted(signal);
    throw new IcosError('NOT_READABLE', `cannot hash ${quote(path)}`, { cause });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
