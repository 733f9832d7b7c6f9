import type { BigIntStats } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Sha256 } from '#libs/encoding';
import { IcosError } from '../../error.js';
import { hashFile } from '../../hash/hash.js';
import { cachePaths, type CachePaths, folderOf } from './cache-paths.js';
import {
  type FileRecord,
  type FileState,
  isAbsent,
  type Origin,
  originOf,
  readFileRecord,
  readPartRecord,
  writeRecord,
} from './cache-record.js';
import { syncFolder } from './durable.js';

/** A whole file, and where it lies. */
export interface WholeFile extends FileRecord {
  readonly file: string;
}

type FileTimes = Pick<BigIntStats, 'mtimeNs' | 'ctimeNs' | 'ino'>;

/**
 * Finds the whole file of a URL, with a digest that is that of its bytes; null where there is
 * none, or where it is not what was downloaded.
 *
 * The digest that was noted at download is taken when size, times and inode are as they were left:
 * no program sets ctime back, so nothing wrote to the file since. Whoever may write here may also
 * forge the note, and the file to fit it; hashing again would find accidents, and those that leave
 * no trace in ctime are only the disk's own. Where the state is another (restored, touched, never
 * noted because of a crash), the file is hashed again and has to have the digest that was noted.
 *
 * @throws IcosError INTERRUPTED
 */
export async function findWholeFile(
  folder: string,
  url: URL,
  signal?: AbortSignal,
): Promise<WholeFile | null> {
  const paths = cachePaths(folder, url);
  await takeFinishedPart(paths, url);
  const record = await readFileRecord(paths.record, url);
  if (record?.sameAs !== undefined) return findOther(folder, record, record.sameAs);
  const state = record === null ? null : await stateOf(paths.file, record.totalBytes);
  if (record === null || state === null) return null;
  if (isSameState(state, record.state)) return { ...record, file: paths.file };
  // The state is the one before the hashing: what changes meanwhile shows the next time.
  const sha256 = await tryHash(paths.file, signal);
  if (sha256 !== record.sha256) return null;
  const renewed = { ...record, state };
  await writeRecord(paths.record, renewed);
  return { ...renewed, file: paths.file };
}

/**
 * The other URL's file, if it is still the same. Nothing of it is written or hashed here, as its
 * lock is another's: where it was touched, this URL is downloaded again.
 */
async function findOther(
  folder: string,
  record: FileRecord,
  sameAs: string,
): Promise<WholeFile | null> {
  const url = new URL(sameAs);
  const { record: path, file } = cachePaths(folder, url);
  const other = await readFileRecord(path, url);
  if (other?.sha256 !== record.sha256 || other.totalBytes !== record.totalBytes) return null;
  const state = await stateOf(file, other.totalBytes);
  return state !== null && isSameState(state, other.state) ? { ...record, file } : null;
}

/** Notes that a URL serves what lies there as another's; a file of its own is one too many. */
export async function noteSameFile(
  paths: CachePaths,
  origin: Origin,
  { sha256, sameAs }: { readonly sha256: Sha256; readonly sameAs: URL },
): Promise<void> {
  await writeRecord(paths.record, { ...origin, sha256, state: null, sameAs: sameAs.href });
  await rm(paths.file, { force: true });
}

/** Notes what is known of a file that has just become whole; nothing, where that is too little. */
export async function noteWholeFile(
  paths: CachePaths,
  origin: Origin | null,
  { sha256, stats }: { readonly sha256: Sha256; readonly stats: FileTimes },
): Promise<void> {
  if (origin === null) await rm(paths.record, { force: true });
  else await writeRecord(paths.record, { ...origin, sha256, state: fileState(stats) });
  await rm(paths.partRecord, { force: true });
}

function fileState({ mtimeNs, ctimeNs, ino }: FileTimes): FileState {
  return { mtimeNs: String(mtimeNs), ctimeNs: String(ctimeNs), inode: String(ino) };
}

/** A crash between a part's last byte and the record of the whole: all is there but the names. */
async function takeFinishedPart(paths: CachePaths, url: URL): Promise<void> {
  const record = await readPartRecord(paths.partRecord, url);
  if (record === null || record.durableBytes !== record.totalBytes) return;
  await rename(paths.part, paths.file).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
  await syncFolder(folderOf(paths));
  await writeRecord(paths.record, { ...originOf(record), sha256: record.sha256, state: null });
  await rm(paths.partRecord, { force: true });
}

async function tryHash(file: string, signal?: AbortSignal): Promise<Sha256 | null> {
  try {
    return (await hashFile(file, signal)).sha256;
  } catch (error) {
    // What the disk does not give back is downloaded again.
    if (error instanceof IcosError && error.code === 'NOT_READABLE') return null;
    throw error;
  }
}

async function stateOf(file: string, sizeBytes: number): Promise<FileState | null> {
  try {
    const stats = await stat(file, { bigint: true });
    return stats.isFile() && stats.size === BigInt(sizeBytes) ? fileState(stats) : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isSameState(state: FileState, known: FileState | null): boolean {
  return (
    state.mtimeNs === known?.mtimeNs &&
    state.ctimeNs === known.ctimeNs &&
    state.inode === known.inode
  );
}
