import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '#libs/encoding';
import { type ByteSource, FileByteSource, MemoryByteSource } from '../byte-source.js';
import type { ForgetfulSink } from '../content-sink.js';
import { ImageError } from '../error.js';
import { type PassedFiles } from '../passed-files.js';
import { SpoolSource } from './spool-source.js';
import { WrittenPieces } from './written-pieces.js';

/** So much of a nested file is kept in memory: most of them are small, and a file costs more. */
const MEMORY_BYTES = 256 * 1024;
const PIECE_BYTES = 4096;
/** A larger write makes the kernel look for as much memory in one piece, which takes many times as long. */
const WRITE_BYTES = 32 * 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/** A finished spool: its bytes, for as long as it is not closed. */
export interface Spooled {
  readonly source: ByteSource;
  close(): void;
}

/**
 * Keeps the bytes of one nested file where they can be read in any order: in memory while they are
 * few, then in a temporary file that loses its name at once, so that no crash leaves it behind. Pieces
 * of zeros are not written.
 */
export class Spool implements ForgetfulSink {
  #memory: Buffer[] | null = [];
  #descriptor: number | null = null;
  #sizeBytes = 0;
  #writtenBytes = 0;
  #holeBytes = 0;
  readonly #written = new WrittenPieces(PIECE_BYTES);
  readonly #forgotten = new WrittenPieces(PIECE_BYTES);

  /**
   * @param spend is told the bytes that come to lie on disk, negative ones when they go; may throw
   */
  constructor(
    private readonly dir: string,
    private readonly spend: (bytes: number) => void,
  ) {}

  data(bytes: Buffer): void {
    if (this.#memory !== null && this.#sizeBytes + bytes.length <= MEMORY_BYTES) {
      this.#memory.push(Buffer.from(bytes));
      this.#sizeBytes += bytes.length;
      return;
    }
    this.#leaveMemory();
    this.#write(bytes);
  }

  hole(lengthBytes: number): void {
    if (this.#memory !== null && this.#sizeBytes + lengthBytes <= MEMORY_BYTES) {
      this.data(Buffer.alloc(lengthBytes));
      return;
    }
    this.#leaveMemory();
    this.#sizeBytes += lengthBytes;
    this.#holeBytes += lengthBytes;
  }

  /** Keeps what fits the memory all the same, and what is too far out to be remembered as forgotten. */
  forget(bytes: Buffer): void {
    const end = this.#sizeBytes + bytes.length;
    const isKept = this.#memory !== null && end <= MEMORY_BYTES;
    if (isKept || end > this.#forgotten.reachBytes) {
      this.data(bytes);
      return;
    }
    this.#leaveMemory();
    this.#forgotten.add(this.#sizeBytes, bytes.length);
    this.#sizeBytes = end;
  }

  /**
   * Ends it; `passed` is what was found out about what it was told to forget, by where it begins.
   *
   * @throws ImageError NOT_READABLE when the folder cannot hold it
   */
  finish(passed?: (offset: number) => PassedFiles | undefined): Spooled {
    const { source, descriptor } = this.#source(passed);
    return {
      source,
      close: () => {
        if (descriptor !== null) closeSync(descriptor);
        this.spend(-this.#writtenBytes);
      },
    };
  }

  /** Gives up an unfinished spool. */
  abandon(): void {
    this.#memory = null;
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    this.spend(-this.#writtenBytes);
    this.#writtenBytes = 0;
  }

  #source(passed?: ByteSource['passed']): { source: ByteSource; descriptor: number | null } {
    const descriptor = this.#descriptor;
    if (descriptor === null) {
      const memory = new MemoryByteSource(Buffer.concat(this.#memory ?? []));
      return {
        source: passed === undefined ? memory : Object.assign(memory, { passed }),
        descriptor,
      };
    }
    onDisk(this.dir, () => {
      ftruncateSync(descriptor, this.#sizeBytes);
    });
    const [written, forgotten] = [this.#written, this.#forgotten];
    const file = new FileByteSource(descriptor, this.#sizeBytes);
    const source = new SpoolSource(file, { written, forgotten }, this.#holeBytes, passed);
    return { source, descriptor };
  }

  #leaveMemory(): void {
    if (this.#memory === null) return;
    const kept = Buffer.concat(this.#memory);
    this.#memory = null;
    this.#descriptor = onDisk(this.dir, () => openNameless(this.dir));
    this.#sizeBytes = 0;
    this.#write(kept);
  }

  /** Writes runs of pieces that are not all zeros, pieces counted from the file's start. */
  #write(bytes: Buffer): void {
    const descriptor = this.#descriptor;
    if (descriptor === null) return;
    let runStart = 0;
    for (let at = 0; at < bytes.length;) {
      const room = PIECE_BYTES - ((this.#sizeBytes + at) % PIECE_BYTES);
      const end = Math.min(at + room, bytes.length);
      if (isZero(bytes, at, end)) {
        this.#flush(descriptor, bytes, runStart, at);
        runStart = end;
      }
      at = end;
    }
    this.#flush(descriptor, bytes, runStart, bytes.length);
    this.#sizeBytes += bytes.length;
  }

  #flush(descriptor: number, bytes: Buffer, from: number, to: number): void {
    this.spend(to - from);
    this.#writtenBytes += to - from;
    this.#written.add(this.#sizeBytes + from, to - from);
    onDisk(this.dir, () => {
      for (let at = from; at < to;) {
        const length = Math.min(WRITE_BYTES, to - at);
        at += writeSync(descriptor, bytes, at, length, this.#sizeBytes + at);
      }
    });
  }
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  return bytes[from] === 0 && bytes.compare(ZEROS, 0, to - from, from, to) === 0;
}

function openNameless(dir: string): number {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `spool-${randomUUID()}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
}

function onDisk<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ImageError('NOT_READABLE', `cannot keep a temporary file in ${quote(dir)}`, {
      cause,
    });
  }
}
