import type { BigIntStats } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Sha256 } from '#libs/encoding';
import { IcosError } from '../../error.js';
import { hashFile } from '../../hash/hash.js';
import { type CachePaths, folderOf } from './cache-paths.js';
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
  paths: CachePaths,
  url: URL,
  signal?: AbortSignal,
): Promise<FileRecord | null> {
  await takeFinishedPart(paths, url);
  const record = await readFileRecord(paths.record, url);
  const state = record === null ? null : await stateOf(paths.file, record.totalBytes);
  if (record === null || state === null) return null;
  if (isSameState(state, record.state)) return record;
  // The state is the one before the hashing: what changes meanwhile shows the next time.
  const sha256 = await tryHash(paths.file, signal);
  if (sha256 !== record.sha256) return null;
  const renewed = { ...record, state };
  await writeRecord(paths.record, renewed);
  return renewed;
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
