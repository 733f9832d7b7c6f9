import { constants, open, type FileHandle } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { type ArchiveFormat, decompress, formatOf } from './compression.js';
import { ImageError } from './error.js';
import {
  type ArchiveLimits,
  DEFAULT_MAX_BYTES,
  DEFAULT_MAX_MEMBERS,
  DEFAULT_MAX_RATIO,
  RATIO_FREE_BYTES,
} from './limits.js';
import { type TarMember, TarReader } from './tar-reader.js';

const READ_BYTES = 1024 ** 2;

/** What to hold an archive against. */
export interface ArchiveExpectation extends Partial<ArchiveLimits> {
  /** Names of regular files that must be in the archive, once each and not empty. */
  readonly members: readonly string[];
  /** How the file is wrapped; told by its name when not given. */
  readonly format?: ArchiveFormat;
  /**
   * Told the file's own bytes, in order and once, before they are decompressed; waited for. So who
   * wants their digest need not read them again. The chunk is not to be changed or kept.
   */
  readonly onBytes?: (chunk: Uint8Array) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** What a complete archive holds. */
export interface ArchiveContents {
  /** In the archive's order. */
  readonly members: readonly TarMember[];
  /** Bytes of the file as it lies on disk, all of which were read. */
  readonly compressedBytes: number;
  /** Bytes of the tar stream inside. */
  readonly tarBytes: number;
}

/**
 * Reads an archive to its very end without extracting it, and says what it holds.
 *
 * A file that was cut anywhere is refused: inside a compressed frame, between two frames, or
 * before the closing zeros of the tar stream. Only the loss of zeros beyond those goes unseen in
 * an uncompressed `.tar`; they are padding and say nothing.
 *
 * Bounds: memory for one chunk and one extended header, whatever the size of the file.
 *
 * @throws ImageError NOT_READABLE, NOT_AN_ARCHIVE, TRUNCATED, CORRUPT, BAD_MEMBER_NAME,
 * MEMBER_MISSING, MEMBER_REPEATED, MEMBER_EMPTY, TOO_LARGE, TOO_MANY_MEMBERS, INTERRUPTED
 * Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"; RFC 8878; RFC 1952
 */
export async function checkArchive(
  path: string,
  expectation: ArchiveExpectation,
): Promise<ArchiveContents> {
  const format = expectation.format ?? formatOf(path);
  const file = await openFile(path);
  try {
    const contents = await readContents(file, format, expectation);
    for (const name of expectation.members) requireMember(contents.members, name);
    return contents;
  } catch (error) {
    if (error instanceof ImageError) throw error;
    if (expectation.signal?.aborted === true) {
      throw new ImageError('INTERRUPTED', 'reading the archive was interrupted', { cause: error });
    }
    throw new ImageError('NOT_READABLE', `cannot read ${quote(path)}`, { cause: error });
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    // A named pipe put in the file's place would block a plain open for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
  } catch (cause) {
    await file?.close();
    throw new ImageError('NOT_READABLE', `cannot read ${quote(path)}`, { cause });
  }
  await file.close();
  throw new ImageError('NOT_READABLE', `${quote(path)} is not a regular file`);
}

async function readContents(
  file: FileHandle,
  format: ArchiveFormat,
  limits: ArchiveExpectation,
): Promise<ArchiveContents> {
  const { maxBytes = DEFAULT_MAX_BYTES, maxRatio = DEFAULT_MAX_RATIO, signal } = limits;
  const { maxMembers = DEFAULT_MAX_MEMBERS } = limits;
  const members: TarMember[] = [];
  const reader = new TarReader((member) => {
    if (members.push(member) > maxMembers) {
      throw new ImageError('TOO_MANY_MEMBERS', `the archive has more than ${maxMembers} members`);
    }
  });
  let compressedBytes = 0;
  let tarBytes = 0;
  const source = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks(file)) {
      signal?.throwIfAborted();
      compressedBytes += chunk.length;
      await limits.onBytes?.(chunk);
      yield chunk;
    }
  };
  for await (const chunk of decompress(source(), format)) {
    signal?.throwIfAborted();
    tarBytes += chunk.length;
    if (tarBytes > maxBytes) {
      throw new ImageError('TOO_LARGE', `the archive holds more than ${maxBytes} bytes`);
    }
    if (tarBytes > RATIO_FREE_BYTES && tarBytes > compressedBytes * maxRatio) {
      throw new ImageError(
        'TOO_LARGE',
        `the archive grows to more than ${maxRatio} times its size`,
      );
    }
    reader.push(chunk);
  }
  reader.end();
  return { members, compressedBytes, tarBytes };
}

function begin(file: FileHandle, into: Buffer): Promise<{ readonly bytesRead: number }> {
  const reading = file.read(into, 0, READ_BYTES);
  // It is awaited when its turn comes; should the disk fail before, that is not yet unhandled.
  reading.catch(() => undefined);
  return reading;
}

/** Each chunk is the caller's until the next one is asked for, which is read meanwhile. */
async function* chunks(file: FileHandle): AsyncGenerator<Buffer> {
  // Two buffers for the whole file: one for each chunk would keep the collector busy all along.
  let [current, next] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let reading = begin(file, current);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = begin(file, next);
      yield current.subarray(0, bytesRead);
      [current, next] = [next, current];
    }
  } finally {
    // The file is closed next: a reading on its way has to be over by then.
    await Promise.allSettled([reading]);
  }
}

function requireMember(members: readonly TarMember[], name: string): void {
  const found = members.filter((member) => member.name === name);
  const [member] = found;
  if (member?.isFile !== true) {
    throw new ImageError('MEMBER_MISSING', `the archive has no file ${quote(name)}`);
  }
  if (found.length > 1) {
    throw new ImageError('MEMBER_REPEATED', `the archive has ${quote(name)} ${found.length} times`);
  }
  if (member.sizeBytes === 0) {
    throw new ImageError('MEMBER_EMPTY', `member ${quote(name)} is empty`);
  }
}
