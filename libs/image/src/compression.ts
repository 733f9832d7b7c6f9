import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { quote } from '#libs/encoding';
import { ImageError } from './error.js';
import { type FramePart, ZstdFrames } from './zstd-frames.js';

/** How an archive is wrapped. */
export type ArchiveFormat = 'tar' | 'tar.gz' | 'tar.zst';

/** Node's default of 16 KiB makes decompression seven times slower. */
const OUTPUT_BYTES = 1024 ** 2;
const FORMATS: readonly ArchiveFormat[] = ['tar', 'tar.gz', 'tar.zst'];

/**
 * Tells the format by the file's name, never by its content: a release names its files, and a
 * `.tar.zst` that holds something else is a broken one.
 *
 * @throws ImageError NOT_AN_ARCHIVE for another ending
 */
export function formatOf(fileName: string): ArchiveFormat {
  const format = FORMATS.find((ending) => fileName.endsWith(`.${ending}`));
  if (format !== undefined) return format;
  throw new ImageError(
    'NOT_AN_ARCHIVE',
    `${quote(fileName)} is not named like an archive: expected .tar, .tar.gz or .tar.zst`,
  );
}

/**
 * Decompresses to the very end of the source, and accepts no end but a complete one.
 *
 * @throws ImageError TRUNCATED when the source ends early, NOT_AN_ARCHIVE when it is of another
 * format or something follows its end, CORRUPT, TOO_LARGE
 */
export function decompress(
  source: AsyncIterable<Buffer>,
  format: ArchiveFormat,
): AsyncIterable<Buffer> {
  switch (format) {
    case 'tar':
      return source;
    case 'tar.gz':
      return gunzip(source);
    case 'tar.zst':
      return unzstd(source);
  }
}

/** Decompresses zstd as {@link decompress} does; `frames` knows the frames when it has ended. */
export async function* unzstd(
  source: AsyncIterable<Buffer>,
  frames = new ZstdFrames(),
): AsyncGenerator<Buffer> {
  const parts = frameParts(source, frames);
  for (let part = await parts.next(); !part.done; part = await parts.next()) {
    yield* through(oneFrame(part.value, parts), createZstdDecompress({ chunkSize: OUTPUT_BYTES }));
  }
}

async function* frameParts(
  source: AsyncIterable<Buffer>,
  frames: ZstdFrames,
): AsyncGenerator<FramePart, undefined> {
  for await (const chunk of source) yield* frames.push(chunk);
  frames.end();
}

async function* oneFrame(
  first: FramePart,
  parts: AsyncIterator<FramePart, undefined>,
): AsyncGenerator<Buffer> {
  let part: FramePart | undefined = first;
  while (part !== undefined) {
    if (part.bytes.length > 0) yield part.bytes;
    if (part.isLast) return;
    part = (await parts.next()).value;
  }
}

/** Decompresses gzip as {@link decompress} does. */
export async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let fedBytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      fedBytes += chunk.length;
      yield chunk;
    }
  };
  const transform = createGunzip({ chunkSize: OUTPUT_BYTES });
  yield* through(counted(), transform);
  // Node forgives zeros after the last member; they would be bytes that no digest of the
  // content covers, so two files of one content could pass.
  if (transform.bytesWritten !== fedBytes) {
    throw new ImageError('NOT_AN_ARCHIVE', 'something follows the end of the gzip file');
  }
}

async function* through(
  source: AsyncIterable<Buffer>,
  transform: Transform & AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const fed = { all: false };
  const feed = async (): Promise<void> => {
    // One write at a time, and waited for: a chunk's memory is used again after it.
    for await (const bytes of source) await write(transform, bytes);
    fed.all = true;
    transform.end();
  };
  const feeding = feed().catch((error: unknown) => {
    transform.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  let isStopped = true;
  try {
    yield* transform;
    isStopped = false;
  } catch (error) {
    isStopped = false;
    throw asImageError(error);
  } finally {
    // Whoever stops early may read the source again: what is still being fed would come between.
    if (isStopped) {
      transform.destroy();
      await feeding;
    }
  }
  // It came to its own end, and left bytes over that it never asks for.
  if (!fed.all) {
    throw new ImageError('NOT_AN_ARCHIVE', 'something follows the end of the compressed stream');
  }
}

async function write(transform: Transform, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    transform.write(bytes, (error) => {
      if (error == null) resolve();
      else reject(error);
    });
  });
}

function asImageError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof ImageError) return error;
  const code = String(error.code);
  if (code === 'Z_BUF_ERROR') {
    return new ImageError('TRUNCATED', 'the compressed stream ends early', { cause: error });
  }
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return error;
  return new ImageError('CORRUPT', `decompression failed: ${error.message}`, { cause: error });
}
