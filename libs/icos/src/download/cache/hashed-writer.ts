import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { asSha256, type Sha256 } from '#libs/encoding';

/** Bytes are written in batches: chunk by chunk, the calls cost more than the bytes. */
const BATCH_BYTES = 1024 ** 2;

/** So many bytes from the beginning, and their digest. */
export interface Beginning {
  readonly sizeBytes: number;
  readonly sha256: Sha256;
  /** Settles when the operating system has them all. */
  readonly written: Promise<void>;
}

/**
 * Writes a file from a point on and hashes it on the way. Writing goes on behind the caller's
 * back while the next batch comes in; there are two of them, whatever the size of the file.
 */
export class HashedWriter {
  private filling = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private spare = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private filledBytes = 0;
  private writing = Promise.resolve();

  /** The hash has seen the first bytes of the file, so many of them. */
  constructor(
    private readonly handle: FileHandle,
    private readonly hash: Hash,
    private hashedBytes: number,
  ) {}

  /** All bytes so far, those included that are not written yet. */
  get sizeBytes(): number {
    return this.hashedBytes + this.filledBytes;
  }

  /** Takes bytes; the chunk is free again afterwards. What fails later, the next call throws. */
  async append(chunk: Buffer): Promise<void> {
    for (let taken = 0; taken < chunk.length;) {
      const copied = chunk.copy(this.filling, this.filledBytes, taken);
      this.filledBytes += copied;
      taken += copied;
      if (this.filledBytes === BATCH_BYTES) await this.flush();
    }
  }

  /** Hands all bytes over to the operating system. */
  async drain(): Promise<Beginning> {
    await this.flush();
    await this.writing;
    return this.beginning();
  }

  /** What was hashed and handed over so far. */
  beginning(): Beginning {
    const sha256 = asSha256(this.hash.copy().digest('hex'));
    return { sizeBytes: this.hashedBytes, sha256, written: this.writing };
  }

  /** Waits until nothing is on its way any more, whether it went well or not. */
  async stop(): Promise<void> {
    await Promise.allSettled([this.writing]);
  }

  private async flush(): Promise<void> {
    await this.writing;
    const batch = this.filling.subarray(0, this.filledBytes);
    [this.filling, this.spare] = [this.spare, this.filling];
    this.filledBytes = 0;
    this.writing = writeAll(this.handle, batch, this.hashedBytes);
    this.writing.catch(() => undefined);
    // Only now: the disk takes the batch while it is hashed.
    this.hash.update(batch);
    this.hashedBytes += batch.length;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    // A disk that fills up takes a part of it first, and refuses the rest.
    const left = bytes.length - written;
    written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
  }
}
