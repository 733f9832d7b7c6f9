import { TlogError } from './error.js';
import { asSize } from './position.js';
import { TILE_WIDTH } from './tile-path.js';
import type { EntryBundleId, TileId } from './tile-path.js';

/**
 * Names everything that a log of `size` leaves serves beside its checkpoint: entry bundles first,
 * then tiles from level 0 up, each level from the left, a partial one last. Lazy; can be walked
 * again.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * Source: C2SP tlog-tiles, "Partial Tiles"
 */
export function tilesForSize(size: bigint): Iterable<TileId> {
  return newTiles(0n, size);
}

/**
 * Names what has to be written before a checkpoint of `newSize` is published, when that of
 * `oldSize` was the last: the tiles of the new size that the old one has not. Both sizes must be
 * published ones, for partial tiles of sizes between them are served by nobody. In the order of
 * {@link tilesForSize}, so that nothing stands before what it is computed from. Lazy; can be walked
 * again.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= oldSize <= newSize < 2^64
 * Source: C2SP tlog-tiles, "Partial Tiles"
 */
export function newTiles(oldSize: bigint, newSize: bigint): Iterable<TileId> {
  if (asSize(oldSize) > asSize(newSize)) {
    throw new TlogError(
      'OUT_OF_RANGE',
      `no tree grows from ${String(oldSize)} to ${String(newSize)} leaves: expected old size <= new size`,
    );
  }
  return { [Symbol.iterator]: () => walk(oldSize, newSize) };
}

/** The entry bundles among {@link newTiles}, from the left; the sizes are taken as they are. */
export function* entryBundles(oldSize: bigint, newSize: bigint): Generator<EntryBundleId> {
  for (const place of places(oldSize, newSize)) yield { level: 'entries', ...place };
}

function* walk(oldSize: bigint, newSize: bigint): Generator<TileId> {
  yield* entryBundles(oldSize, newSize);
  let [oldCount, newCount] = [oldSize, newSize];
  for (let level = 0; newCount > 0n; level += 1) {
    for (const place of places(oldCount, newCount)) yield { level, ...place };
    oldCount >>= 8n;
    newCount >>= 8n;
  }
}

function* places(oldCount: bigint, newCount: bigint): Generator<Pick<TileId, 'index' | 'width'>> {
  // A level that has not grown has the partial tile it had: nothing is written twice.
  if (oldCount === newCount) return;
  const full = newCount >> 8n;
  for (let index = oldCount >> 8n; index < full; index += 1n) yield { index, width: TILE_WIDTH };
  const width = Number(newCount & 0xffn);
  if (width > 0) yield { index: full, width };
}
