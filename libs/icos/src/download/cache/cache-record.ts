import { readFile } from 'node:fs/promises';
import { isSha256, type Sha256 } from '#libs/encoding';
import { z } from 'zod';
import { replaceFile } from './durable.js';
import { strongTag } from './entity-tag.js';

const Digest = z.custom<Sha256>((value) => typeof value === 'string' && isSha256(value));
const Bytes = z.int().nonnegative();
const Nanoseconds = z.string().regex(/^-?[0-9]{1,20}$/);

/** Which bytes a file or a part is of. */
const Origin = z.strictObject({
  url: z.string(),
  /** Where they came from: a tag is its server's, and says nothing of another URL's bytes. */
  finalUrl: z.string(),
  etag: z.string().refine((etag) => strongTag(etag) === etag),
  totalBytes: Bytes,
});
export type Origin = z.infer<typeof Origin>;

/** What a file system tells of a file that nobody touched since. */
export const FileState = z.strictObject({
  mtimeNs: Nanoseconds,
  ctimeNs: Nanoseconds,
  inode: Nanoseconds,
});
export type FileState = z.infer<typeof FileState>;

/**
 * What is known of a whole file; without a state, its digest has to be computed once more. Where
 * it was the same as another URL's, that one's file is the file of both.
 */
const FileRecord = Origin.extend({
  sha256: Digest,
  state: FileState.nullable(),
  sameAs: z.url().optional(),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** What is known of a part: so many bytes of it outlive a crash, and have this digest. */
const PartRecord = Origin.extend({ durableBytes: Bytes, sha256: Digest });
export type PartRecord = z.infer<typeof PartRecord>;

/** The part of a record that says which bytes it is of. */
export function originOf({ url, finalUrl, etag, totalBytes }: Origin): Origin {
  return { url, finalUrl, etag, totalBytes };
}

/** Reads what is known of a URL's file; null where nothing is that can be relied on. */
export async function readFileRecord(path: string, url: URL): Promise<FileRecord | null> {
  return read(FileRecord, path, url);
}

/** Reads what is known of a URL's part; null where nothing is that can be relied on. */
export async function readPartRecord(path: string, url: URL): Promise<PartRecord | null> {
  return read(PartRecord, path, url);
}

/** Writes a record in one step. */
export async function writeRecord(path: string, record: FileRecord | PartRecord): Promise<void> {
  await replaceFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

async function read<T extends Origin>(
  schema: z.ZodType<T>,
  path: string,
  url: URL,
): Promise<T | null> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    // Absent, or cut off by a crash: both are a file of which nothing is known.
    if (error instanceof SyntaxError || isAbsent(error)) return null;
    throw error;
  }
  const { success, data } = schema.safeParse(parsed);
  // A name is a digest that was cut: the whole URL decides.
  return success && data.url === url.href ? data : null;
}

/** Tells whether an error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
