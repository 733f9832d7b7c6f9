import { quote } from '#libs/encoding';
import { TlogError } from './error.js';
import { MAX_SIZE } from './position.js';

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256;

const MAX_TILE_LEVEL = 63;

interface TilePlace {
  /** Counts tiles of the level from the left, from 0. */
  readonly index: bigint;
  /** 1 to 256: 256 is a full tile, fewer is a partial one. */
  readonly width: number;
}

/** A tile of hashes: those of tile level l are the nodes of tree level 8 * l. */
export interface HashTileId extends TilePlace {
  readonly level: number;
}

/** The entries whose leaf hashes are the tile of level 0 with the same index and width. */
export interface EntryBundleId extends TilePlace {
  readonly level: 'entries';
}

/** One immutable resource of a tiled log. */
export type TileId = HashTileId | EntryBundleId;

/**
 * Writes where a tile is served, below the log's prefix and without a slash in front:
 * `tile/0/x001/x234/067` or `tile/entries/000.p/7`.
 *
 * @throws TlogError OUT_OF_RANGE unless level is 0 to 63 or `entries`, width 1 to 256, and the tile
 *   begins below leaf 2^64
 * Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries"
 */
export function tilePath(id: TileId): string {
  if (!isTileId(id)) {
    throw new TlogError(
      'OUT_OF_RANGE',
      `no tile of level ${id.level}, index ${String(id.index)} and width ${id.width}: expected level 0 to 63, width 1 to ${TILE_WIDTH}, and a first leaf below 2^64`,
    );
  }
  const decimal = String(id.index);
  const digits = decimal.padStart(Math.ceil(decimal.length / 3) * 3, '0');
  const groups = digits.replaceAll(/([0-9]{3})(?=[0-9])/g, 'x$1/');
  const partial = id.width === TILE_WIDTH ? '' : `.p/${id.width}`;
  return `tile/${id.level}/${groups}${partial}`;
}

// Nothing longer can be in range, so that an endless path costs no endless number.
const PATH =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/**
 * Reads where a tile is served: the exact inverse of {@link tilePath}, so that every tile has one
 * path only and a path that is let through holds no dots, escapes or separators of its own.
 *
 * @throws TlogError MALFORMED_TILE_PATH for any text that {@link tilePath} does not write
 * Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries"
 */
export function parseTilePath(text: string): TileId {
  const [, level, groups, width] = PATH.exec(text) ?? [];
  if (level !== undefined && groups !== undefined) {
    const place = {
      index: BigInt(groups.replaceAll(/[x/]/g, '')),
      width: width === undefined ? TILE_WIDTH : Number(width),
    };
    const id: TileId = { level: level === 'entries' ? level : Number(level), ...place };
    // Groups of zeros in front and `.p/256` name a tile that has a path already.
    if (isTileId(id) && tilePath(id) === text) return id;
  }
  throw new TlogError(
    'MALFORMED_TILE_PATH',
    `${quote(text)} is not the path of a tile: expected such as "tile/0/x001/067" or "tile/entries/000.p/7"`,
  );
}

/** The tile at the same place once it is full: a log may drop a partial tile from then on. */
export function fullTile<Id extends TileId>(id: Id): Id {
  return { ...id, width: TILE_WIDTH };
}

function isTileId({ level, index, width }: TileId): boolean {
  const height = level === 'entries' ? 0 : level;
  return (
    isWithin(height, 0, MAX_TILE_LEVEL) &&
    isWithin(width, 1, TILE_WIDTH) &&
    index >= 0n &&
    index <= MAX_SIZE >> BigInt(8 * (height + 1))
  );
}

function isWithin(n: number, min: number, max: number): boolean {
  return Number.isInteger(n) && n >= min && n <= max;
}
