/** Most jobs of one batch: enough that sending it costs next to nothing for each. */
export const BATCH_JOBS = 64;
/** Most bytes of one batch. */
export const BATCH_BYTES = 256 * 1024;
/** Longest message that a batch takes: one that fills it alone costs more to hash than it saves. */
export const MESSAGE_BYTES = BATCH_BYTES / 8;

const HEAD_BYTES = 96;

/** One signature to verify. */
export interface Job {
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** A batch as a thread is told of it. */
export interface PackedBatch {
  readonly bytes: SharedArrayBuffer;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/**
 * Jobs that are verified together. Their bytes are copied when they are added: what the caller does
 * with its own afterwards changes nothing that is verified. A thread reads them where they are: nothing
 * may be added or cleared before it has answered or ended. Memory is kept from one use to the next.
 */
export class Batch {
  readonly #shared = new SharedArrayBuffer(BATCH_BYTES);
  readonly #bytes = new Uint8Array(this.#shared);
  #usedBytes = 0;
  #ends: number[] = [];

  get size(): number {
    return this.#ends.length;
  }

  /** Tells whether there is room for one more message of this length. */
  hasRoom(messageBytes: number): boolean {
    return this.size < BATCH_JOBS && this.#usedBytes + HEAD_BYTES + messageBytes <= BATCH_BYTES;
  }

  /** Adds a job for which there is room. The lengths of key and signature were checked before. */
  add({ publicKey, message, signature }: Job): void {
    const end = this.#usedBytes + HEAD_BYTES + message.length;
    this.#bytes.set(publicKey, this.#usedBytes);
    this.#bytes.set(signature, this.#usedBytes + 32);
    this.#bytes.set(message, this.#usedBytes + HEAD_BYTES);
    this.#usedBytes = end;
    this.#ends.push(end);
  }

  /** Gives a job back, for whoever has to verify it another way. */
  job(at: number): Job {
    const begin = at === 0 ? 0 : (this.#ends[at - 1] ?? 0);
    return {
      publicKey: this.#bytes.subarray(begin, begin + 32),
      signature: this.#bytes.subarray(begin + 32, begin + HEAD_BYTES),
      message: this.#bytes.subarray(begin + HEAD_BYTES, this.#ends[at] ?? 0),
    };
  }

  /** Gives the batch as it stands. */
  pack(): PackedBatch {
    const lengths = new Uint32Array(this.size);
    for (const [at, end] of this.#ends.entries()) {
      lengths[at] = end - (this.#ends[at - 1] ?? 0) - HEAD_BYTES;
    }
    return { bytes: this.#shared, lengths };
  }

  /** Takes all jobs out. */
  clear(): void {
    this.#usedBytes = 0;
    this.#ends = [];
  }
}
