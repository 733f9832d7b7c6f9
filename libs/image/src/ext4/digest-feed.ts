import { createHash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';

const BUFFER_BYTES = 64 * 1024;
const TAG_BYTES = 4;
const RECORD_BYTES = TAG_BYTES + 8 + 4;

/**
 * A digest over records: four letters that say what it is, where it lies, and its bytes. The length
 * stands before the bytes, so that no sequence of records can pass for another.
 */
export class DigestFeed {
  private readonly hash = createHash('sha256');
  private readonly buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  private filled = 0;

  constructor(domain: string) {
    this.hash.update(`${domain}\n`);
  }

  /** Adds one record: `tag` has four letters, `place` is any integer that is not negative. */
  add(tag: string, place: number, bytes: Uint8Array): void {
    if (this.filled + RECORD_BYTES + bytes.length > BUFFER_BYTES) this.flush();
    const at = this.filled;
    this.buffer.write(tag, at, 'latin1');
    this.buffer.writeUInt32LE(place % 2 ** 32, at + 4);
    this.buffer.writeUInt32LE(Math.floor(place / 2 ** 32), at + 8);
    this.buffer.writeUInt32LE(bytes.length, at + 12);
    this.filled += RECORD_BYTES;
    if (bytes.length > BUFFER_BYTES - RECORD_BYTES) {
      this.flush();
      this.hash.update(bytes);
    } else {
      this.buffer.set(bytes, this.filled);
      this.filled += bytes.length;
    }
  }

  /** Ends it; nothing may be added after. */
  value(): Sha256 {
    this.flush();
    return this.hash.digest('hex') as Sha256;
  }

  private flush(): void {
    this.hash.update(this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }
}
