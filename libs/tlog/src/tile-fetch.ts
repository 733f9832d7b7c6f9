import { TILE_WIDTH, fullTile } from './tile-path.js';
import type { EntryBundleId, HashTileId, TileId } from './tile-path.js';

/** Bytes that are at hand, or have to be waited for; `undefined` when nobody has them. */
export type Fetched = Promise<Uint8Array | undefined> | Uint8Array | undefined;

/** Hands out the bytes of a tile, at most MAX_TILE_BYTES of them. */
export type FetchTile = (id: HashTileId) => Fetched;

/** Hands out the bytes of an entry bundle, at most MAX_ENTRY_BUNDLE_BYTES of them. */
export type FetchEntries = (id: EntryBundleId) => Fetched;

/** What was served, and as which tile. */
export interface Served<Id> {
  readonly id: Id;
  readonly bytes: Uint8Array;
}

/**
 * Fetches a tile, or the full one at its place when it is a partial one that is gone.
 *
 * Source: C2SP tlog-tiles, "Partial Tiles"
 */
export async function fetchServed<Id extends TileId>(
  id: Id,
  fetch: (id: Id) => Fetched,
): Promise<Served<Id> | undefined> {
  const bytes = await fetch(id);
  if (bytes !== undefined) return { id, bytes };
  return id.width === TILE_WIDTH ? undefined : fetchServed(fullTile(id), fetch);
}
