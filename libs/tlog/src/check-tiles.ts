import { decodeEntryBundle } from './entry-bundle.js';
import { TlogError } from './error.js';
import { rootAt } from './frontier.js';
import { equalBytes, hashLeaf, rootOf } from './merkle.js';
import { asSize } from './position.js';
import { decodeTile, encodeTile } from './tile.js';
import { fetchServed } from './tile-fetch.js';
import type { FetchEntries, FetchTile, Fetched } from './tile-fetch.js';
import { TILE_WIDTH, tilePath } from './tile-path.js';
import type { HashTileId, TileId } from './tile-path.js';
import { tileReader } from './tile-reader.js';
import { entryBundles } from './tile-set.js';

/** A log as it is served, and the checkpoint that it has to add up to. */
export interface ServedLog {
  /** Number of leaves, and the 32-byte root: of a checkpoint that the caller has verified. */
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly readTile: FetchTile;
  readonly readEntries: FetchEntries;
}

/**
 * The first thing that is wrong with a served log. `missing`: nobody has the resource. `malformed`:
 * it is not the encoding of what its path names. `wrong-leaf`: a hash of level 0 is not that of the
 * entry. `wrong-node`: a hash above is not that of the tile below. `wrong-root`: everything agrees
 * with itself, but not with the checkpoint.
 */
export interface TileFinding {
  readonly kind: 'missing' | 'malformed' | 'wrong-leaf' | 'wrong-node' | 'wrong-root';
  /** As it was asked for, below the log's prefix; `checkpoint` for the root. */
  readonly path: string;
  /**
   * The hash that is wrong, counted from the left of its level: for level 0, the leaf. The first
   * one of the resource when it is missing or malformed; the size of the tree for the root.
   */
  readonly index: bigint;
}

/**
 * Recomputes a whole log from its entries: every leaf hash, every tile over the ones below, and the
 * root. Returns the first thing wrong, or `null`. Goes through the entries once, from the left,
 * and holds one bundle and one tile for each level, so at most 17 MiB. Only what the tree of `size`
 * leaves is made of is looked at: not the partial tiles of earlier sizes, nor leaves beyond `size`
 * in a full tile that has taken the place of a partial one.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * @throws whatever `readTile` and `readEntries` throw
 * Source: C2SP tlog-tiles, "Merkle Tree", "Partial Tiles" and "Log entries"
 */
export async function checkTiles(log: ServedLog): Promise<TileFinding | null> {
  asSize(log.size);
  // For each tile level, the hashes that its rightmost tile should have, as far as computed.
  const edge: Uint8Array[][] = [];
  for (const bundle of entryBundles(0n, log.size)) {
    const leaves = await readDecoded(bundle, log.readEntries, decodeEntryBundle);
    if ('kind' in leaves) return leaves;
    edge[0] = leaves.parts.map(hashLeaf);
    const wrong = await checkFullTiles(bundle.index, edge, log.readTile);
    if (wrong !== null) return wrong;
  }
  return (await checkPartialTiles(edge, log)) ?? checkRoot(edge, log);
}

/** Checks the tile of level 0 at `index` and those above that it completes, if it is full. */
async function checkFullTiles(
  index: bigint,
  edge: Uint8Array[][],
  readTile: FetchTile,
): Promise<TileFinding | null> {
  let at = index;
  for (let level = 0; edge[level]?.length === TILE_WIDTH; level += 1) {
    const hashes = edge[level] ?? [];
    const wrong = await checkTile({ level, index: at, width: TILE_WIDTH }, hashes, readTile);
    if (wrong !== null) return wrong;
    (edge[level + 1] ??= []).push(rootOf(hashes));
    edge[level] = [];
    at >>= 8n;
  }
  return null;
}

async function checkPartialTiles(
  edge: readonly Uint8Array[][],
  { size, readTile }: ServedLog,
): Promise<TileFinding | null> {
  for (const [level, hashes] of edge.entries()) {
    if (hashes.length === 0) continue;
    const index = size >> BigInt(8 * (level + 1));
    const wrong = await checkTile({ level, index, width: hashes.length }, hashes, readTile);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Compares a tile as served with the hashes that it should have. */
async function checkTile(
  id: HashTileId,
  expected: readonly Uint8Array[],
  readTile: FetchTile,
): Promise<TileFinding | null> {
  const tile = await readDecoded(id, readTile, decodeTile);
  if ('kind' in tile) return tile;
  const at = expected.findIndex((hash, i) => !equalBytes(hash, tile.parts[i] ?? NOTHING));
  if (at < 0) return null;
  const kind = id.level === 0 ? 'wrong-leaf' : 'wrong-node';
  return { kind, path: tile.path, index: firstOf(id) + BigInt(at) };
}

const NOTHING = new Uint8Array();

function checkRoot(edge: readonly Uint8Array[][], { size, root }: ServedLog): TileFinding | null {
  // The right edge of a tree stands in its partial tiles alone.
  const read = tileReader(size, (id) => encodeTile(edge[id.level] ?? []));
  if (equalBytes(rootAt(size, read), root)) return null;
  return { kind: 'wrong-root', path: 'checkpoint', index: size };
}

interface Decoded {
  readonly path: string;
  /** As many as the tree has; the full tile in place of a partial one may have more. */
  readonly parts: readonly Uint8Array[];
}

async function readDecoded<Id extends TileId>(
  id: Id,
  read: (id: Id) => Fetched,
  decode: (bytes: Uint8Array, width: number) => readonly Uint8Array[],
): Promise<Decoded | TileFinding> {
  const served = await fetchServed(id, read);
  if (served === undefined) return { kind: 'missing', path: tilePath(id), index: firstOf(id) };
  const path = tilePath(served.id);
  try {
    return { path, parts: decode(served.bytes, served.id.width).slice(0, id.width) };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return { kind: 'malformed', path, index: firstOf(id) };
  }
}

function firstOf({ index }: TileId): bigint {
  return index * BigInt(TILE_WIDTH);
}
