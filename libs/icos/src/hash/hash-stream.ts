import { Worker } from 'node:worker_threads';
import { asSha256, type Sha256 } from '#libs/encoding';
import { IcosError } from '../error.js';

const SLOT_BYTES = 1024 ** 2;
const SLOTS = 4;

/**
 * The thread's program, as text: so it needs no file of its own beside the compiled code. Each
 * message says where in the shared memory the next bytes are; none asks for the digest.
 */
const WORKER = `
'use strict';
const { createHash } = require('node:crypto');
const { parentPort, workerData: shared } = require('node:worker_threads');
const hash = createHash('sha256');
parentPort.on('message', (place) => {
  if (place === null) parentPort.postMessage(hash.digest('hex'));
  else {
    hash.update(Buffer.from(shared, place.offset, place.length));
    parentPort.postMessage(null);
  }
});
`;

/**
 * Hashes bytes that come in chunks, in a thread of its own, while the caller does something else
 * with the same bytes. They pass through four megabytes of shared memory: chunks that were sent
 * over would wait for a collector that sees no need, and take as much memory as the file is long.
 */
export class HashStream {
  private readonly shared = new SharedArrayBuffer(SLOTS * SLOT_BYTES);
  private readonly worker = new Worker(WORKER, { eval: true, workerData: this.shared });
  private sent = 0;
  private filledBytes = 0;
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

  /**
   * Takes a chunk; resolves when the caller may do with it what it likes. One call at a time.
   *
   * @throws IcosError NOT_READABLE
   */
  async update(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      if (this.filledBytes === 0) await this.until(() => this.underway < SLOTS);
      const part = chunk.subarray(at, at + SLOT_BYTES - this.filledBytes);
      new Uint8Array(this.shared, this.slotOffset + this.filledBytes, part.length).set(part);
      this.filledBytes += part.length;
      at += part.length;
      if (this.filledBytes === SLOT_BYTES) this.send();
    }
  }

  /** Gives the digest of everything so far, and ends the thread. @throws IcosError NOT_READABLE */
  async end(): Promise<Sha256> {
    if (this.filledBytes > 0) this.send();
    this.worker.postMessage(null);
    await this.until(() => this.digest !== null);
    await this.close();
    return asSha256(this.digest ?? '');
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private get slotOffset(): number {
    return (this.sent % SLOTS) * SLOT_BYTES;
  }

  /** A slot at a time: chunk by chunk, the messages would cost more than the hashing. */
  private send(): void {
    this.worker.postMessage({ offset: this.slotOffset, length: this.filledBytes });
    this.sent += 1;
    this.underway += 1;
    this.filledBytes = 0;
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
