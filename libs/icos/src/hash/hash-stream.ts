import { Worker } from 'node:worker_threads';
import { asSha256, type Sha256 } from '#libs/encoding';
import { IcosError } from '../error.js';

/**
 * The thread's program, as text: so it needs no file of its own beside the compiled code. Each
 * message is a chunk to hash; an empty one asks for the digest.
 */
const WORKER = `
'use strict';
const { createHash } = require('node:crypto');
const { parentPort } = require('node:worker_threads');
const hash = createHash('sha256');
parentPort.on('message', (chunk) => {
  if (chunk.length === 0) parentPort.postMessage(hash.digest('hex'));
  else {
    hash.update(chunk);
    parentPort.postMessage(null);
  }
});
`;

/** Chunks that may be on their way to the thread: what bounds the memory. */
const MAX_UNDERWAY = 8;

/**
 * Hashes bytes that come in chunks, in a thread of its own, while the caller does something else
 * with the same bytes.
 */
export class HashStream {
  private readonly worker = new Worker(WORKER, { eval: true });
  private underway = 0;
  private wake: (() => void) | null = null;
  private digest: string | null = null;
  private failure: unknown = null;

  constructor() {
    this.worker.on('message', (answer: string | null) => {
      if (answer === null) this.underway -= 1;
      else this.digest = answer;
      this.wake?.();
    });
    this.worker.on('error', (error) => {
      this.fail(error);
    });
    this.worker.on('exit', () => {
      this.fail(new Error('the hashing thread ended without an answer'));
    });
  }

  /** Takes a chunk; resolves when there is room for the next. @throws IcosError NOT_READABLE */
  async update(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return;
    // A copy of its own, which the thread may take away: the caller's bytes are still in use.
    const copy = Uint8Array.from(chunk);
    this.worker.postMessage(copy, [copy.buffer]);
    this.underway += 1;
    await this.until(() => this.underway < MAX_UNDERWAY);
  }

  /** Gives the digest of everything so far, and ends the thread. @throws IcosError NOT_READABLE */
  async end(): Promise<Sha256> {
    this.worker.postMessage(new Uint8Array(0));
    await this.until(() => this.digest !== null);
    await this.close();
    return asSha256(this.digest ?? '');
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      if (this.failure !== null) {
        throw new IcosError('NOT_READABLE', 'the hashing thread failed', { cause: this.failure });
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.wake?.();
  }
}
