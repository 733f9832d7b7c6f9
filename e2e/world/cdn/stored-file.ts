import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from './byte-range.js';

/** A file as the CDN has it. */
export interface StoredFile {
  /** Reads a part of the content, in chunks of at most `chunkBytes`. */
  read(part: ByteRange, chunkBytes: number): AsyncIterable<Buffer>;
  readonly sizeBytes: number;
  readonly lastModified: string;
  /** Strong entity tag, quotes included: a digest of the content. */
  readonly tag: string;
}

const tags = new Map<string, string>();

/** Finds the file of a URL path below `root`; null when there is none. */
export async function findFile(root: string, path: string): Promise<StoredFile | null> {
  const inside = normalize(`/${path}`);
  if (inside.includes('\0')) return null;
  const file = join(root, inside);
  const info = await stat(file).catch(() => null);
  if (!info?.isFile()) return null;

  const version = `${file} ${info.ino} ${info.size} ${info.mtimeMs}`;
  const tag = tags.get(version) ?? (await tagOf(file));
  tags.set(version, tag);
  return {
    read: (part, chunkBytes) => createReadStream(file, { ...part, highWaterMark: chunkBytes }),
    ...{ sizeBytes: info.size, lastModified: info.mtime.toUTCString(), tag },
  };
}

/** Gives a file that was uploaded in the place of another, just now. */
export async function rewrite(
  stored: StoredFile,
  change: (content: Buffer) => Uint8Array,
): Promise<StoredFile> {
  const all = { start: 0, end: Math.max(0, stored.sizeBytes - 1) };
  const content = Buffer.from(change(await buffer(stored.read(all, 1024 * 1024))));
  return {
    read: ({ start, end }, chunkBytes) => cut(content.subarray(start, end + 1), chunkBytes),
    sizeBytes: content.byteLength,
    lastModified: new Date().toUTCString(),
    tag: quoted(createHash('sha256').update(content)),
  };
}

async function* cut(content: Buffer, chunkBytes: number): AsyncIterable<Buffer> {
  for (let start = 0; start < content.byteLength; start += chunkBytes) {
    yield await Promise.resolve(Buffer.from(content.subarray(start, start + chunkBytes)));
  }
}

async function tagOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return quoted(hash);
}

function quoted(hash: Hash): string {
  return `"${hash.digest('hex').slice(0, 32)}"`;
}
