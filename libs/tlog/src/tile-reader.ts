import { rootOf } from './merkle.js';
import { asSize } from './position.js';
import type { NodeId, ReadNode } from './range.js';
import { decodeTile } from './tile.js';
import { fetchServed } from './tile-fetch.js';
import type { FetchTile } from './tile-fetch.js';
import { TILE_WIDTH, fullTile, tilePath } from './tile-path.js';
import type { HashTileId } from './tile-path.js';

/** Hands out the bytes of a tile at once; `undefined` when it is not at hand. */
export type ReadTile = (id: HashTileId) => Uint8Array | undefined;

/** Nodes of a tree of `size` leaves, and where its tiles come from. */
export interface WantedNodes {
  readonly size: bigint;
  readonly nodes: readonly NodeId[];
  readonly fetchTile: FetchTile;
}

const TILE_HEIGHT = 8;

/**
 * Answers any complete subtree of the tree of `size` leaves from tiles. Asks for a full tile where
 * the tree has one, else for the partial one of this size, else for the full one that a longer tree
 * may have put in its place. A tile is asked for once: for the nodes of one proof that is at most
 * two tiles of each level (6 up to 16,777,215 leaves, 16 in the largest tree), and one more of each
 * level whose partial tile has gone. Keeps every tile that it got: one reader for one proof.
 *
 * The tiles are taken at their word; it is the proof that is verified.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * @throws TlogError MALFORMED_TILE from the reader, when a tile has another length than it should
 * Source: C2SP tlog-tiles, "Merkle Tree" and "Partial Tiles"
 */
export function tileReader(size: bigint, readTile: ReadTile): ReadNode {
  asSize(size);
  const held = new Map<string, readonly Uint8Array[]>();
  const hashesOf = (id: HashTileId): readonly Uint8Array[] | undefined => {
    const path = tilePath(id);
    const known = held.get(path);
    if (known !== undefined) return known;
    const bytes = readTile(id);
    let hashes: readonly Uint8Array[] | undefined;
    if (bytes !== undefined) hashes = decodeTile(bytes, id.width);
    else if (id.width < TILE_WIDTH) hashes = hashesOf(fullTile(id));
    if (hashes !== undefined) held.set(path, hashes);
    return hashes;
  };
  return (node) => {
    const id = tileOfNode(node, size);
    const hashes = id && hashesOf(id);
    if (hashes === undefined) return undefined;
    const depth = node.level % TILE_HEIGHT;
    const begin = Number((node.index << BigInt(depth)) % BigInt(TILE_WIDTH));
    return rootOf(hashes.slice(begin, begin + 2 ** depth));
  };
}

/**
 * Names the tiles that {@link tileReader} asks for to answer these nodes, each once, in the order
 * in which they are first needed. Nodes that the tree has not yet are in no tile.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 */
export function nodeTiles(size: bigint, nodes: readonly NodeId[]): readonly HashTileId[] {
  asSize(size);
  const tiles = new Map<string, HashTileId>();
  for (const node of nodes) {
    const id = tileOfNode(node, size);
    if (id !== undefined) tiles.set(tilePath(id), id);
  }
  return [...tiles.values()];
}

/**
 * Fetches, all at once, the tiles that these nodes are in, and answers the nodes from them:
 * `inclusionNodes`, `consistencyNodes` and `frontierNodes` name what a proof or a root takes.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64; the reader throws MALFORMED_TILE
 * @throws whatever `fetchTile` throws
 */
export async function fetchNodes({ size, nodes, fetchTile }: WantedNodes): Promise<ReadNode> {
  const tiles = new Map<string, Uint8Array>();
  await Promise.all(
    nodeTiles(size, nodes).map(async (id) => {
      const served = await fetchServed(id, fetchTile);
      if (served !== undefined) tiles.set(tilePath(served.id), served.bytes);
    }),
  );
  return tileReader(size, (id) => tiles.get(tilePath(id)));
}

/** The tile that holds the node, or the hashes that it is computed from; none without the node. */
function tileOfNode({ level, index }: NodeId, size: bigint): HashTileId | undefined {
  const isComplete = index >= 0n && level >= 0 && (index + 1n) << BigInt(level) <= size;
  if (!isComplete) return undefined;
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const tileIndex = index >> BigInt(TILE_HEIGHT - (level % TILE_HEIGHT));
  const count = size >> BigInt(TILE_HEIGHT * tileLevel);
  const isFull = tileIndex < count >> BigInt(TILE_HEIGHT);
  const width = isFull ? TILE_WIDTH : Number(count % BigInt(TILE_WIDTH));
  return { level: tileLevel, index: tileIndex, width };
}
