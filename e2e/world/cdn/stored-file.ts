import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file as the CDN has it. */
export interface StoredFile {
  readonly file: string;
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
  return { file, sizeBytes: info.size, lastModified: info.mtime.toUTCString(), tag };
}

async function tagOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `"${hash.digest('hex').slice(0, 32)}"`;
}
