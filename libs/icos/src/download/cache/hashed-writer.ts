import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { asSha256, type Sha256 } from '#libs/encoding';

/** Bytes are written in batches: chunk by chunk, the calls cost more than the bytes. */
const BATCH_BYTES = 1024 ** 2;
/** Batches that are on their way to the disk at one time: one alone keeps it waiting. */
const MAX_WRITES = 2;

/** So many bytes from the beginning, and their digest. */
export interface Beginning {
  readonly sizeBytes: number;
  readonly sha256: Sha256;
  /** Settles when the operating system has them all. */
  readonly written: Promise<void>;
}

/**
 * Writes a file from a point on and hashes it on the way. Writing goes on behind the caller's
 * back while the next batch comes in; there are three of them, whatever the size of the file.
 */
export class HashedWriter {
  private filling: Buffer = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private filledBytes = 0;
  /** Of each batch that is on its way, oldest first. */
  private readonly writes: { readonly buffer: Buffer; readonly written: Promise<void> }[] = [];
  /** Settles with the last of them, and rejects for good with the first that fails. */
  private written = Promise.resolve();

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
    await this.written;
    return this.beginning();
  }

  /** What was hashed and handed over so far. */
  beginning(): Beginning {
    const sha256 = asSha256(this.hash.copy().digest('hex'));
    return { sizeBytes: this.hashedBytes, sha256, written: this.written };
  }

  /** Waits until nothing is on its way any more, whether it went well or not. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.writes.map(({ written }) => written));
  }

  private async flush(): Promise<void> {
    if (this.filledBytes === 0) return;
    const buffer = this.filling;
    const batch = buffer.subarray(0, this.filledBytes);
    const written = writeAll(this.handle, batch, this.hashedBytes);
    this.writes.push({ buffer, written });
    const before = this.written;
    this.written = written.then(async () => before);
    this.written.catch(() => undefined);
    // Only now: the disk takes the batch while it is hashed.
    this.hash.update(batch);
    this.hashedBytes += batch.length;
    this.filledBytes = 0;
    this.filling = await this.freeBuffer();
  }

  private async freeBuffer(): Promise<Buffer> {
    const [oldest] = this.writes;
    if (oldest === undefined || this.writes.length <= MAX_WRITES) {
      return Buffer.allocUnsafeSlow(BATCH_BYTES);
    }
    await oldest.written;
    this.writes.shift();
    return oldest.buffer;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    // A disk that fills up takes a part of it first, and refuses the rest.
    const left = bytes.length - written;
    written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
  }
}
