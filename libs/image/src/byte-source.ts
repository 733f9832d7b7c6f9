import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { quote } from '#libs/encoding';
import { ImageError } from './error.js';
import type { PassedFiles } from './passed-files.js';

/** Bytes that can be read anywhere: a file, a part of one, what a filesystem holds of one. */
export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * Reads exactly `length` bytes at `offset`, synchronously. They are not to be changed, and may be
   * overwritten by the next `read` of the same source or of one it is a part of: who keeps them copies.
   *
   * @throws ImageError TRUNCATED past the end, NOT_READABLE where the medium fails
   */
  read(offset: number, length: number): Buffer;
  /**
   * Tells that a range has only zeros where that is known without reading it. Absent, or false, where
   * nobody knows, and past the end.
   */
  isHole?(offset: number, length: number): boolean;
  /** Bytes of a range that are zeros of holes, as far as somebody counted: at most that many. */
  holeBytes?(offset: number, length: number): number;
  /** Tells whether a range may be read: absent where all may be. */
  isKept?(offset: number, length: number): boolean;
  /** What is known of the files of the filesystem that begins at an offset, where it streamed by. */
  passed?(offset: number): PassedFiles | undefined;
}

/** So much is read ahead of who goes forward, as readers do most of the time. */
const WINDOW_BYTES = 1024 ** 2;
/** So much around a place to which somebody jumped: not a mebibyte for each of many small files. */
const JUMP_BYTES = 64 * 1024;

/** A regular file, read through one window of 1 MiB. */
export class FileByteSource implements ByteSource {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  private start = 0;
  private filled = 0;

  constructor(
    private readonly descriptor: number,
    readonly sizeBytes: number,
    private readonly known: Pick<ByteSource, 'isHole'> = {},
  ) {}

  isHole(offset: number, length: number): boolean {
    return offset + length <= this.sizeBytes && this.known.isHole?.(offset, length) === true;
  }

  read(offset: number, length: number): Buffer {
    const at = offset - this.start;
    if (at >= 0 && length >= 0 && at + length <= this.filled) {
      return this.window.subarray(at, at + length);
    }
    checkRange(this, offset, length);
    if (length > this.window.length) {
      const whole = Buffer.allocUnsafeSlow(length);
      this.fill(whole, offset, length);
      return whole;
    }
    const isForward = at >= 0 && at <= this.filled + this.window.length;
    const wanted = isForward ? this.window.length : Math.max(length, JUMP_BYTES);
    const bytes = Math.min(wanted, this.window.length, this.sizeBytes - offset);
    this.filled = 0;
    this.fill(this.window, offset, bytes);
    this.start = offset;
    this.filled = bytes;
    return this.window.subarray(0, length);
  }

  /** For a thread that reads it by itself, as long as it is open. */
  get whole(): { readonly descriptor: number; readonly sizeBytes: number } {
    return { descriptor: this.descriptor, sizeBytes: this.sizeBytes };
  }

  /** Closes the file; no part of it can be read after. */
  close(): void {
    this.filled = 0;
    closeSync(this.descriptor);
  }

  private fill(target: Buffer, offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      const got = readOnce(this.descriptor, target, done, length - done, offset + done);
      // Somebody shortened the file since its size was asked.
      if (got === 0) throw new ImageError('TRUNCATED', `the file ends at byte ${offset + done}`);
      done += got;
    }
  }
}

function readOnce(fd: number, target: Buffer, at: number, length: number, from: number): number {
  try {
    return readSync(fd, target, at, length, from);
  } catch (cause) {
    throw new ImageError('NOT_READABLE', `cannot read at byte ${from}`, { cause });
  }
}

/**
 * Opens a regular file as a source. The caller closes it.
 *
 * @throws ImageError NOT_READABLE
 */
export function openFileSource(path: string): FileByteSource {
  let descriptor: number | undefined;
  try {
    // A named pipe put in the file's place would block a plain open for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (status.isFile()) return new FileByteSource(descriptor, status.size);
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw new ImageError('NOT_READABLE', `cannot read ${quote(path)}`, { cause });
  }
  closeSync(descriptor);
  throw new ImageError('NOT_READABLE', `${quote(path)} is not a regular file`);
}

/** A part of another source, such as a partition. */
export class PartByteSource implements ByteSource {
  /** @throws ImageError TRUNCATED where the part does not lie within the whole */
  constructor(
    private readonly whole: ByteSource,
    private readonly start: number,
    readonly sizeBytes: number,
  ) {
    checkRange(whole, start, sizeBytes);
  }

  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    return this.whole.read(this.start + offset, length);
  }

  isHole(offset: number, length: number): boolean {
    const isWithin = offset + length <= this.sizeBytes;
    return isWithin && this.whole.isHole?.(this.start + offset, length) === true;
  }

  holeBytes(offset: number, length: number): number {
    return this.whole.holeBytes?.(this.start + offset, length) ?? 0;
  }

  isKept(offset: number, length: number): boolean {
    return this.whole.isKept?.(this.start + offset, length) !== false;
  }

  passed(offset: number): PassedFiles | undefined {
    return this.whole.passed?.(this.start + offset);
  }
}

/** Bytes in memory. */
export class MemoryByteSource implements ByteSource {
  readonly sizeBytes: number;

  constructor(private readonly bytes: Buffer) {
    this.sizeBytes = bytes.length;
  }

  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    return this.bytes.subarray(offset, offset + length);
  }
}

/**
 * Refuses a read that does not lie within its source.
 *
 * @throws ImageError TRUNCATED
 */
export function checkRange(source: ByteSource, offset: number, length: number): void {
  // Offsets are computed from what an image says: a sum may be past all integers, or no number.
  const isWithin =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= source.sizeBytes;
  if (isWithin) return;
  throw new ImageError(
    'TRUNCATED',
    `${length} bytes at ${offset} are not within the ${source.sizeBytes} that are there`,
  );
}
