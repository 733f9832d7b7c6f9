import { createHash, type Hash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { asSha256, type Sha256 } from '#libs/encoding';
import { type CachePaths, folderOf } from './cache-paths.js';
import { type Origin, originOf, readPartRecord, writeRecord } from './cache-record.js';
import { syncFolder } from './durable.js';
import { hashBeginning } from './hash-beginning.js';

/** Chunks are written together: one by one they cost more than the bytes do. */
const BATCH_BYTES = 1024 ** 2;
/** What a crash costs at most, beside what is on its way. */
const CHECKPOINT_BYTES = 16 * 1024 ** 2;

/**
 * The file that a download grows in, hashed as it grows.
 *
 * Its record never claims more than what is on the disk: it is written after the bytes, with
 * their digest. So whatever a crash leaves of either, the next run takes a beginning that it has
 * read again and found to be the one, or none.
 */
export class PartFile {
  private batch: Buffer[] = [];
  private batchBytes = 0;
  private writing = Promise.resolve();
  private checkpointing = Promise.resolve();
  private isCheckpointing = false;
  private isFinished = false;
  private durableBytes: number;

  private constructor(
    private readonly paths: CachePaths,
    private readonly handle: FileHandle,
    private hash: Hash,
    private hashedBytes: number,
    private knownOrigin: Origin | null,
  ) {
    this.durableBytes = hashedBytes;
  }

  /** Opens what an earlier run left of a URL, or nothing. */
  static async open(paths: CachePaths, url: URL, signal?: AbortSignal): Promise<PartFile> {
    const record = await readPartRecord(paths.partRecord, url);
    const handle = await open(paths.part, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const bytes = record?.durableBytes ?? 0;
      const hash = await hashBeginning(handle, bytes, signal);
      const isSame = record !== null && hash?.copy().digest('hex') === record.sha256;
      if (hash !== null && isSame) {
        await handle.truncate(bytes);
        return new PartFile(paths, handle, hash, bytes, originOf(record));
      }
      const empty = new PartFile(paths, handle, createHash('sha256'), 0, null);
      await empty.begin(null);
      return empty;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes so far, whether on the disk or on their way. */
  get sizeBytes(): number {
    return this.hashedBytes;
  }

  /** Which bytes these are; null while there are none, or they cannot be asked for again. */
  get origin(): Origin | null {
    return this.hashedBytes > 0 ? this.knownOrigin : null;
  }

  /** Begins again with no bytes; without an origin they are for this attempt only. */
  async begin(origin: Origin | null): Promise<void> {
    this.batch = [];
    this.batchBytes = 0;
    await Promise.allSettled([this.writing, this.checkpointing]);
    this.writing = this.checkpointing = Promise.resolve();
    await rm(this.paths.partRecord, { force: true });
    await this.handle.truncate(0);
    this.hash = createHash('sha256');
    this.hashedBytes = this.durableBytes = 0;
    this.knownOrigin = origin;
  }

  /** Adds bytes. They are written behind the caller's back, by at most a batch or two. */
  async append(chunk: Buffer): Promise<void> {
    this.hash.update(chunk);
    this.hashedBytes += chunk.length;
    this.batchBytes += chunk.length;
    if (this.batch.push(chunk) > 0 && this.batchBytes >= BATCH_BYTES) await this.flush();
  }

  /** Puts all bytes on the disk and notes them, so that another run can go on from here. */
  async settle(): Promise<void> {
    await this.flush();
    await this.writing;
    await this.checkpointing;
    // Nothing new is nothing to write, above all not on a disk that has no room for it.
    if (this.durableBytes === this.hashedBytes) return;
    await this.checkpoint(this.hashedBytes, this.digest());
  }

  /** Settles, and gives the file its own name. */
  async finish(): Promise<{ readonly sha256: Sha256; readonly stats: BigIntStats }> {
    await this.settle();
    await rename(this.paths.part, this.paths.file);
    this.isFinished = true;
    await syncFolder(folderOf(this.paths));
    // Only now: a rename is a change of the file's state as well.
    return { sha256: this.digest(), stats: await this.handle.stat({ bigint: true }) };
  }

  /** Removes the bytes, unless they are the whole file by now; what is left to do is to close. */
  async discard(): Promise<void> {
    if (this.isFinished) return;
    await this.begin(null);
    await rm(this.paths.part, { force: true });
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.writing, this.checkpointing]);
    await this.handle.close();
  }

  private digest(): Sha256 {
    return asSha256(this.hash.copy().digest('hex'));
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (!this.isCheckpointing) await this.checkpointing;
    const bytes = Buffer.concat(this.batch);
    const [end, digest] = [this.hashedBytes, this.digest()];
    this.batch = [];
    this.batchBytes = 0;
    this.writing = writeAll(this.handle, bytes, end - bytes.length).then(() => {
      if (this.isCheckpointing || end - this.durableBytes < CHECKPOINT_BYTES) return;
      this.isCheckpointing = true;
      this.checkpointing = this.checkpointing
        .then(async () => this.checkpoint(end, digest))
        .finally(() => (this.isCheckpointing = false));
      // Thrown where it is waited for, as all that fails behind the caller's back.
      this.checkpointing.catch(() => undefined);
    });
    this.writing.catch(() => undefined);
  }

  private async checkpoint(durableBytes: number, sha256: Sha256): Promise<void> {
    await this.handle.datasync();
    if (this.knownOrigin === null) return;
    await writeRecord(this.paths.partRecord, { ...this.knownOrigin, durableBytes, sha256 });
    this.durableBytes = durableBytes;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    // A disk that fills up takes a part of it first, and refuses the rest.
    const left = bytes.length - written;
    written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
  }
}
