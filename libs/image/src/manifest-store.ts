import { open, type FileHandle } from 'node:fs/promises';
import { quote, type Sha256 } from '#libs/encoding';
import { MAX_PAGE_BYTES, pageDigest, type PageSource } from '#libs/manifest';
import { ImageError } from './error.js';
import { INDEX_ENTRY_BYTES, MAGIC, TRAILER_BYTES } from './manifest-store-form.js';

/** A manifest on disk, open for reading. */
export interface ManifestFile {
  /** The root that the file claims; whoever walks it verifies that. */
  readonly root: Sha256;
  readonly pageCount: number;
  readonly sizeBytes: number;
  /**
   * Its pages by digest, null for those it does not have.
   *
   * @throws ImageError CORRUPT for a page that the disk does not give back as it was written
   */
  readonly pages: PageSource;
  close(): Promise<void>;
}

/**
 * Opens a manifest's file, reading nothing of it but its index: 44 bytes for each page.
 *
 * @throws ImageError NOT_READABLE where there is none, CORRUPT where it is no complete one
 */
export async function openManifestFile(path: string): Promise<ManifestFile> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const index = await readIndex(file, size, path);
    return {
      root: index.root,
      pageCount: index.entries.length / INDEX_ENTRY_BYTES,
      sizeBytes: size,
      pages: (digests) => Promise.all(digests.map((digest) => readPage(file, index, digest, path))),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Index {
  readonly root: Sha256;
  readonly entries: Buffer;
}

async function openRegular(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new ImageError('NOT_READABLE', `cannot read the manifest ${quote(path)}`, { cause });
  }
}

async function readIndex(file: FileHandle, size: number, path: string): Promise<Index> {
  const least = MAGIC.length + TRAILER_BYTES;
  const [magic, trailer] =
    size < least
      ? [Buffer.alloc(0), Buffer.alloc(0)]
      : await Promise.all([
          readExactly(file, 0, MAGIC.length, path),
          readExactly(file, size - TRAILER_BYTES, TRAILER_BYTES, path),
        ]);
  if (!magic.equals(MAGIC)) throw corrupt(path, 'is no manifest');
  const start = Number(trailer.readBigUInt64BE(32));
  const length = trailer.readUInt32BE(40) * INDEX_ENTRY_BYTES;
  // The end says how long the index is, and it has to fit: a file that was cut does not.
  if (start + length + TRAILER_BYTES !== size || start < MAGIC.length) {
    throw corrupt(path, 'was cut, or added to');
  }
  const root = trailer.toString('hex', 0, 32) as Sha256;
  const entries = await readExactly(file, start, length, path);
  checkEntries(entries, start, path);
  if (find(entries, root) === null) throw corrupt(path, 'lacks its root');
  return { root, entries };
}

function checkEntries(entries: Buffer, end: number, path: string): void {
  for (let at = 0; at < entries.length; at += INDEX_ENTRY_BYTES) {
    const isAscending =
      at === 0 || entries.compare(entries, at, at + 32, at - INDEX_ENTRY_BYTES, at - 12) < 0;
    const { offset, length } = placeAt(entries, at);
    if (isAscending && offset + length <= end && length <= MAX_PAGE_BYTES) continue;
    throw corrupt(path, 'has an index that is not in order');
  }
}

async function readPage(
  file: FileHandle,
  { entries }: Index,
  digest: Sha256,
  path: string,
): Promise<Uint8Array | null> {
  const place = find(entries, digest);
  if (place === null) return null;
  const bytes = await readExactly(file, place.offset, place.length, path);
  // Whoever asked would take it for a lie of the builder's.
  if (pageDigest(bytes) !== digest) throw corrupt(path, `has other bytes as page ${digest}`);
  return bytes;
}

function find(entries: Buffer, digest: Sha256): { offset: number; length: number } | null {
  const wanted = Buffer.from(digest, 'hex');
  let low = 0;
  let high = entries.length / INDEX_ENTRY_BYTES;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = middle * INDEX_ENTRY_BYTES;
    const order = wanted.compare(entries, at, at + 32);
    if (order === 0) return placeAt(entries, at);
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return null;
}

function placeAt(entries: Buffer, at: number): { offset: number; length: number } {
  const offset = Number(entries.readBigUInt64BE(at + 32));
  return { offset, length: entries.readUInt32BE(at + 40) };
}

async function readExactly(
  file: FileHandle,
  offset: number,
  length: number,
  path: string,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw corrupt(path, `ends before byte ${offset + length}`);
    done += bytesRead;
  }
  return bytes;
}

function corrupt(path: string, why: string): ImageError {
  return new ImageError('CORRUPT', `${quote(path)} ${why}; make the manifest again`);
}
