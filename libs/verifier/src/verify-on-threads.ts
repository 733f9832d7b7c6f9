import { availableParallelism } from 'node:os';
import { setSignatureVerifier } from '#libs/attestation';
import { ThreadVerifier } from './thread-verifier.js';

/** Threads of node's own pool, which verify where no others do. */
const POOL_THREADS = 4;

/**
 * Has this process verify signatures in batches on threads of their own, wherever many are verified
 * asynchronously at once. A program calls it when it starts; no thread runs before it is worth it, and
 * none keeps the process alive. What is valid does not depend on it.
 */
export function verifyOnThreads(): void {
  const threads = Math.min(availableParallelism(), POOL_THREADS);
  setSignatureVerifier(new ThreadVerifier({ threads }).verify);
}
