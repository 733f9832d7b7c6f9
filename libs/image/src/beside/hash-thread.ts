import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Sha256 } from '#libs/encoding';
import { ImageError } from '../error.js';
import {
  DIGEST_BYTES,
  PROGRAM,
  type Shared,
  SLOT_BYTES,
  SLOT_FILES,
  SLOTS,
  STATE,
} from './thread-program.js';

/** Told the digest of a file, by the number that it was given with. */
export interface DigestSink {
  set(inode: number, digest: Sha256): void;
}

interface Slot {
  readonly inodes: number[];
  readonly sinks: DigestSink[];
  filledBytes: number;
}

/** Larger files would leave most of a slot empty: they are hashed by who has them. */
const MAX_FILE_BYTES = SLOT_BYTES / 4;

/**
 * Hashes in a thread of its own, beside who reads. Files go through eight megabytes of shared memory;
 * while there is no room, {@link offer} says so and the giver hashes itself, so that both are always
 * busy. Which of them hashes what depends on time; no digest does.
 */
export class HashThread {
  readonly #shared: Shared = {
    bytes: new SharedArrayBuffer(SLOTS * SLOT_BYTES),
    ends: new SharedArrayBuffer(SLOTS * SLOT_FILES * 4),
    digests: new SharedArrayBuffer(SLOTS * SLOT_FILES * DIGEST_BYTES),
    states: new SharedArrayBuffer(SLOTS * 4),
  };
  readonly #bytes = Buffer.from(this.#shared.bytes);
  readonly #ends = new Uint32Array(this.#shared.ends);
  readonly #digests = Buffer.from(this.#shared.digests);
  readonly #states = new Int32Array(this.#shared.states);
  readonly #worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: this.#shared });
  readonly #slots: readonly Slot[] = Array.from({ length: SLOTS }, () => ({
    ...{ inodes: [], sinks: [], filledBytes: 0 },
  }));
  #slot = 0;
  readonly #asked = new Map<number, PromiseWithResolvers<string | null>>();
  #question = 0;
  #failure: ImageError | null = null;

  constructor() {
    this.#worker.on('message', ({ question, answer }: { question: number; answer: string }) => {
      this.#asked.get(question)?.resolve(answer);
      this.#asked.delete(question);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('it ended'));
    });
    // Nobody waits for a thread that was given nothing.
    this.#worker.unref();
  }

  /** Takes a whole file, whose digest comes by {@link settle} at the latest; false where it does not. */
  offer(inode: number, bytes: Buffer, sink: DigestSink): boolean {
    if (bytes.length > MAX_FILE_BYTES || this.#failure !== null) return false;
    let slot = this.#open();
    if (slot === null) return false;
    if (slot.filledBytes + bytes.length > SLOT_BYTES || slot.inodes.length === SLOT_FILES) {
      this.#give();
      slot = this.#open();
      if (slot === null) return false;
    }
    bytes.copy(this.#bytes, this.#slot * SLOT_BYTES + slot.filledBytes);
    slot.filledBytes += bytes.length;
    this.#ends[this.#slot * SLOT_FILES + slot.inodes.length] = slot.filledBytes;
    slot.inodes.push(inode);
    slot.sinks.push(sink);
    return true;
  }

  /** Waits until the digests of all files are told that were taken. */
  async settle(): Promise<void> {
    this.#give();
    try {
      await this.ask('flush', {});
    } catch (error) {
      // The bytes are still there: what the thread left undone is done here.
      if (!(error instanceof ImageError)) throw error;
    }
    for (let slot = 0; slot < SLOTS; slot += 1) this.#take(slot);
  }

  /** Asks for something else of the thread. @throws ImageError NOT_READABLE where the thread fails */
  async ask(kind: string, what: object): Promise<string | null> {
    if (this.#failure !== null) throw this.#failure;
    const question = (this.#question += 1);
    const asked = Promise.withResolvers<string | null>();
    this.#asked.set(question, asked);
    this.#worker.postMessage({ kind, question, ...what });
    this.#worker.ref();
    try {
      return await asked.promise;
    } finally {
      if (this.#asked.size === 0) this.#worker.unref();
    }
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The slot that is being filled; null while it still is the thread's. */
  #open(): Slot | null {
    const state = Atomics.load(this.#states, this.#slot);
    if (state === STATE.given) return null;
    if (state === STATE.hashed) this.#take(this.#slot);
    return this.#slots[this.#slot] ?? null;
  }

  #give(): void {
    const slot = this.#slots[this.#slot];
    const isEmpty = slot === undefined || slot.inodes.length === 0;
    if (isEmpty || Atomics.load(this.#states, this.#slot) !== STATE.free) return;
    Atomics.store(this.#states, this.#slot, STATE.given);
    this.#worker.postMessage({ kind: 'files', slot: this.#slot, files: slot.inodes.length });
    this.#slot = (this.#slot + 1) % SLOTS;
  }

  /** Tells the digests of a slot, which is free then. */
  #take(number: number): void {
    const slot = this.#slots[number];
    if (slot === undefined) return;
    const isHashed = Atomics.load(this.#states, number) === STATE.hashed;
    const firstByte = number * SLOT_BYTES;
    slot.inodes.forEach((inode, nth) => {
      const at = number * SLOT_FILES + nth;
      const start = firstByte + (nth === 0 ? 0 : (this.#ends[at - 1] ?? 0));
      const digest = isHashed
        ? this.#digests.toString('hex', at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES)
        : hash('sha256', this.#bytes.subarray(start, firstByte + (this.#ends[at] ?? 0)));
      slot.sinks[nth]?.set(inode, digest as Sha256);
    });
    slot.inodes.length = 0;
    slot.sinks.length = 0;
    slot.filledBytes = 0;
    Atomics.store(this.#states, number, STATE.free);
  }

  #fail(cause: unknown): void {
    this.#failure ??= new ImageError('NOT_READABLE', 'the hashing thread failed', { cause });
    for (const { reject } of this.#asked.values()) reject(this.#failure);
    this.#asked.clear();
  }
}
