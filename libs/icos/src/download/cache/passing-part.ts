import { HashStream } from '../../hash/hash-stream.js';
import type { Origin } from './cache-record.js';
import type { Finished, Part } from './part.js';

/**
 * Bytes that are hashed and not kept. A connection that is cut is gone on with, for as long as this
 * process lives: the hash has seen the beginning.
 */
export class PassingPart implements Part {
  readonly isKept = false;
  private hash: HashStream | null = null;
  private receivedBytes = 0;
  private knownOrigin: Origin | null = null;

  get sizeBytes(): number {
    return this.receivedBytes;
  }

  get origin(): Origin | null {
    return this.receivedBytes > 0 ? this.knownOrigin : null;
  }

  async begin(origin: Origin | null): Promise<void> {
    await this.close();
    this.receivedBytes = 0;
    this.knownOrigin = origin;
  }

  async append(chunk: Buffer): Promise<void> {
    this.hash ??= new HashStream();
    await this.hash.update(chunk);
    this.receivedBytes += chunk.length;
  }

  async settle(): Promise<void> {
    // Nothing of it outlives this process.
  }

  async finish(): Promise<Finished> {
    const hash = this.hash ?? new HashStream();
    return { sha256: await hash.end(), file: null };
  }

  async discard(): Promise<void> {
    await this.begin(null);
  }

  async close(): Promise<void> {
    await this.hash?.close();
    this.hash = null;
  }
}
