import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Sha256 } from '#libs/encoding';
import { type CachePaths, folderOf } from './cache-paths.js';
import { type Origin, originOf, readPartRecord, writeRecord } from './cache-record.js';
import { syncFolder } from './durable.js';
import { hashBeginning } from './hash-beginning.js';
import { type Beginning, HashedWriter } from './hashed-writer.js';

/** Time between two notes of how far it is: what a crash costs at most, and rare enough. */
const CHECKPOINT_INTERVAL_MS = 5_000;

/**
 * The file that a download grows in.
 *
 * Its record never claims more than what is on the disk: it is written after the bytes, with
 * their digest. So whatever a crash leaves of either, the next run goes on from a beginning that
 * it has read again and found to be the one, or from nothing.
 */
export class PartFile {
  private durableBytes: number;
  private checkpointing: Promise<void> | null = null;
  private checkpointMs = -CHECKPOINT_INTERVAL_MS;
  private isFinished = false;

  private constructor(
    private readonly paths: CachePaths,
    private readonly handle: FileHandle,
    private writer: HashedWriter,
    private knownOrigin: Origin | null,
  ) {
    this.durableBytes = writer.sizeBytes;
  }

  /** Opens what an earlier run left of a URL, or nothing. */
  static async open(paths: CachePaths, url: URL, signal?: AbortSignal): Promise<PartFile> {
    const record = await readPartRecord(paths.partRecord, url);
    const handle = await open(paths.part, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const sizeBytes = record?.durableBytes ?? 0;
      const hash = await hashBeginning(handle, sizeBytes, signal);
      const isSame = record !== null && hash?.copy().digest('hex') === record.sha256;
      if (hash === null || !isSame) {
        const part = new PartFile(paths, handle, emptyWriter(handle), null);
        await part.begin(null);
        return part;
      }
      // What was written after the last note is gone with the run that wrote it.
      await handle.truncate(sizeBytes);
      return new PartFile(
        paths,
        handle,
        new HashedWriter(handle, hash, sizeBytes),
        originOf(record),
      );
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get sizeBytes(): number {
    return this.writer.sizeBytes;
  }

  /** Which bytes these are; null while there are none, or they cannot be asked for again. */
  get origin(): Origin | null {
    return this.sizeBytes > 0 ? this.knownOrigin : null;
  }

  /** Begins again with no bytes; without an origin they are for this attempt only. */
  async begin(origin: Origin | null): Promise<void> {
    await this.stop();
    await rm(this.paths.partRecord, { force: true });
    await this.handle.truncate(0);
    this.writer = emptyWriter(this.handle);
    this.durableBytes = 0;
    this.checkpointing = null;
    this.knownOrigin = origin;
  }

  /** Adds bytes. What fails behind the caller's back, a later call throws. */
  async append(chunk: Buffer): Promise<void> {
    await this.writer.append(chunk);
    const nowMs = performance.now();
    if (nowMs - this.checkpointMs < CHECKPOINT_INTERVAL_MS) return;
    const beginning = this.writer.beginning();
    if (beginning.sizeBytes === this.durableBytes) return;
    this.checkpointMs = nowMs;
    // The one before it; mostly it is done, and otherwise the disk is what everything waits for.
    await this.checkpointing;
    this.checkpointing = this.checkpoint(beginning);
    this.checkpointing.catch(() => undefined);
  }

  /** Puts all bytes on the disk and notes them, so that another run can go on from here. */
  async settle(): Promise<Sha256> {
    const beginning = await this.writer.drain();
    await this.checkpointing;
    // Nothing new is nothing to write, above all not on a disk that has no room for it.
    if (beginning.sizeBytes !== this.durableBytes) await this.checkpoint(beginning);
    return beginning.sha256;
  }

  /** Settles, and gives the file its own name. */
  async finish(): Promise<{ readonly sha256: Sha256; readonly stats: BigIntStats }> {
    const sha256 = await this.settle();
    await rename(this.paths.part, this.paths.file);
    this.isFinished = true;
    await syncFolder(folderOf(this.paths));
    // Only now: a rename is a change of the file's state as well.
    return { sha256, stats: await this.handle.stat({ bigint: true }) };
  }

  /** Removes the bytes, unless they are the whole file by now; what is left to do is to close. */
  async discard(): Promise<void> {
    if (this.isFinished) return;
    await this.begin(null);
    await rm(this.paths.part, { force: true });
  }

  async close(): Promise<void> {
    await this.stop();
    await this.handle.close();
  }

  private async stop(): Promise<void> {
    await this.writer.stop();
    await Promise.allSettled([this.checkpointing]);
  }

  private async checkpoint({ written, sizeBytes, sha256 }: Beginning): Promise<void> {
    await written;
    await this.handle.datasync();
    if (this.knownOrigin === null) return;
    const record = { ...this.knownOrigin, durableBytes: sizeBytes, sha256 };
    await writeRecord(this.paths.partRecord, record);
    this.durableBytes = sizeBytes;
  }
}

function emptyWriter(handle: FileHandle): HashedWriter {
  return new HashedWriter(handle, createHash('sha256'), 0);
}
