import { hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Leaves whose subtree is hashed in one go: two megabytes of hashes. */
const CHUNK_LEVELS = 16;
const HASH_BYTES = 32;
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);
const ROW_BYTES = 2 + (4 + 2) + (4 + 8) + (4 + HASH_BYTES);

/** Gives the bytes that stand in the tree as leaf `index`. */
export function leafEntry(index: number): Buffer {
  return Buffer.from(`leaf ${index}`);
}

/** Writes every complete subtree of a tree of `size` leaves, as PostgreSQL's binary COPY reads rows. */
export async function writeTreeRows(path: string, size: number): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.write(HEADER);
    let tops: Buffer[] = [];
    const chunk = 2 ** CHUNK_LEVELS;
    for (let begin = 0; begin < size; begin += chunk) {
      const count = Math.min(chunk, size - begin);
      const leaves = Array.from({ length: count }, (_, at) => hashLeafOf(begin + at));
      const top = await writeLevels(file, leaves, { level: 0, begin, upTo: CHUNK_LEVELS });
      if (top !== null) tops = [...tops, top];
    }
    await writeLevels(file, tops, { level: CHUNK_LEVELS, begin: 0, upTo: 64, isWritten: true });
    await file.write(TRAILER);
  } finally {
    await file.close();
  }
}

/** Writes a level and those above it; gives the one node of level `upTo`, if there is such a one. */
async function writeLevels(
  file: FileHandle,
  nodes: readonly Buffer[],
  at: { level: number; begin: number; upTo: number; isWritten?: boolean },
): Promise<Buffer | null> {
  let [level, hashes, begin] = [at.level, nodes, at.begin];
  let isWritten = at.isWritten ?? false;
  while (hashes.length > 0) {
    if (!isWritten) await file.write(rowsOf(level, begin, hashes));
    isWritten = false;
    if (level === at.upTo) return hashes[0] ?? null;
    hashes = Array.from({ length: Math.floor(hashes.length / 2) }, (_, pair) =>
      hashPair(hashes[2 * pair] ?? Buffer.of(), hashes[2 * pair + 1] ?? Buffer.of()),
    );
    [level, begin] = [level + 1, begin / 2];
  }
  return null;
}

function rowsOf(level: number, begin: number, hashes: readonly Buffer[]): Buffer {
  const rows = Buffer.alloc(hashes.length * ROW_BYTES);
  for (const [at, nodeHash] of hashes.entries()) {
    let to = rows.writeInt16BE(3, at * ROW_BYTES);
    to = rows.writeInt16BE(level, rows.writeInt32BE(2, to));
    to = rows.writeBigInt64BE(BigInt(begin + at), rows.writeInt32BE(8, to));
    nodeHash.copy(rows, rows.writeInt32BE(HASH_BYTES, to));
  }
  return rows;
}

function hashLeafOf(index: number): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), leafEntry(index)]), 'buffer');
}

function hashPair(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');
}
