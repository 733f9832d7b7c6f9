import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Sha256 } from '#libs/encoding';
import { type CachePaths, folderOf } from './cache-paths.js';
import { type Origin, originOf, readPartRecord, writeRecord } from './cache-record.js';
import { syncFolder } from './durable.js';
import { hashBeginning } from './hash-beginning.js';
import { type Beginning, HashedWriter } from './hashed-writer.js';
import type { Finished, Part } from './part.js';
import { noteWholeFile } from './whole-file.js';

/** Time between two notes of how far it is: what a crash costs at most, and rare enough. */
const CHECKPOINT_INTERVAL_MS = 5_000;
/** Bytes between two, where they come fast: the disk writes while they come, and not afterwards. */
const CHECKPOINT_BYTES = 128 * 1024 ** 2;

/**
 * The file that a download grows in.
 *
 * Its record never claims more than what is on the disk: it is written after the bytes, with
 * their digest. So whatever a crash leaves of either, the next run goes on from a beginning that
 * it has read again and found to be the one, or from nothing.
 */
export class PartFile implements Part {
  readonly isKept = true;
  private durableBytes: number;
  private checkpointBytes = 0;
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

  get origin(): Origin | null {
    return this.sizeBytes > 0 ? this.knownOrigin : null;
  }

  async begin(origin: Origin | null): Promise<void> {
    await this.stop();
    await rm(this.paths.partRecord, { force: true });
    await this.handle.truncate(0);
    this.writer = emptyWriter(this.handle);
    this.durableBytes = 0;
    this.checkpointBytes = 0;
    this.checkpointing = null;
    this.knownOrigin = origin;
  }

  async append(chunk: Buffer): Promise<void> {
    await this.writer.append(chunk);
    const nowMs = performance.now();
    const isRecent = nowMs - this.checkpointMs < CHECKPOINT_INTERVAL_MS;
    if (isRecent && this.sizeBytes - this.checkpointBytes < CHECKPOINT_BYTES) return;
    const beginning = this.writer.beginning();
    if (beginning.sizeBytes === this.durableBytes) return;
    this.checkpointMs = nowMs;
    this.checkpointBytes = beginning.sizeBytes;
    // The one before it; mostly it is done, and otherwise the disk is what everything waits for.
    await this.checkpointing;
    this.checkpointing = this.checkpoint(beginning);
    this.checkpointing.catch(() => undefined);
  }

  async settle(): Promise<void> {
    await this.settleAll();
  }

  async finish(): Promise<Finished> {
    const sha256 = await this.settleAll();
    await rename(this.paths.part, this.paths.file);
    this.isFinished = true;
    await syncFolder(folderOf(this.paths));
    // Only now: a rename is a change of the file's state as well.
    const stats = await this.handle.stat({ bigint: true });
    await noteWholeFile(this.paths, this.knownOrigin, { sha256, stats });
    return { sha256, file: this.paths.file };
  }

  async discard(): Promise<void> {
    if (this.isFinished) return;
    await this.begin(null);
    await rm(this.paths.part, { force: true });
  }

  async close(): Promise<void> {
    await this.stop();
    await this.handle.close();
  }

  /** Puts all bytes on the disk and notes them, so that another run can go on from here. */
  private async settleAll(): Promise<Sha256> {
    const beginning = await this.writer.drain();
    await this.checkpointing;
    // Nothing new is nothing to write, above all not on a disk that has no room for it.
    if (beginning.sizeBytes !== this.durableBytes) await this.checkpoint(beginning);
    return beginning.sha256;
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
