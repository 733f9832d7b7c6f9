/** Most jobs of one batch: enough that sending it costs next to nothing for each. */
export const BATCH_JOBS = 64;
/** Most bytes of one batch. */
export const BATCH_BYTES = 256 * 1024;

const HEAD_BYTES = 96;
const FIRST_BYTES = 64 * 1024;

/** One signature to verify. */
export interface Job {
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** A batch as a thread is sent it. */
export interface PackedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/**
 * Jobs that are verified together. Their bytes are copied when they are added: what the caller does
 * with its own afterwards changes nothing that is verified.
 */
export class Batch {
  #bytes = new Uint8Array(FIRST_BYTES);
  #usedBytes = 0;
  readonly #ends: number[] = [];

  get size(): number {
    return this.#ends.length;
  }

  /** Tells whether there is room for one more message of this length. An empty batch takes any. */
  hasRoom(messageBytes: number): boolean {
    if (this.size === 0) return true;
    return this.size < BATCH_JOBS && this.#usedBytes + HEAD_BYTES + messageBytes <= BATCH_BYTES;
  }

  /** Adds a job. The lengths of key and signature were checked before. */
  add({ publicKey, message, signature }: Job): void {
    const end = this.#usedBytes + HEAD_BYTES + message.length;
    if (end > this.#bytes.length) this.#grow(end);
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

  /** Copies the batch into memory that may be given away. */
  pack(): PackedBatch {
    const lengths = new Uint32Array(this.size);
    for (const [at, end] of this.#ends.entries()) {
      lengths[at] = end - (this.#ends[at - 1] ?? 0) - HEAD_BYTES;
    }
    return { bytes: this.#bytes.slice(0, this.#usedBytes), lengths };
  }

  #grow(neededBytes: number): void {
    const grown = new Uint8Array(Math.max(neededBytes, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#usedBytes));
    this.#bytes = grown;
  }
}
