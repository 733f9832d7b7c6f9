import { TlogError } from './error.js';
import { HASH_BYTES, asHash } from './merkle.js';
import { TILE_WIDTH } from './tile-path.js';

/** Bytes of a full tile of hashes, which no other is longer than. */
export const MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/**
 * Encodes a tile: 1 to 256 hashes of 32 bytes, one behind the other.
 *
 * @throws TlogError MALFORMED_TILE for no hash or more than 256
 * @throws TlogError MALFORMED_HASH unless every hash has 32 bytes
 * Source: C2SP tlog-tiles, "Merkle Tree"
 */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length < 1 || hashes.length > TILE_WIDTH) {
    throw malformed(`a tile of ${hashes.length} hashes, expected 1 to ${TILE_WIDTH}`);
  }
  return new Uint8Array(Buffer.concat(hashes.map(asHash)));
}

/**
 * Decodes a tile of `width` hashes, as its path names it. The hashes are views of `bytes`.
 *
 * @throws TlogError MALFORMED_TILE unless width is 1 to 256 and there are exactly width * 32 bytes
 * Source: C2SP tlog-tiles, "Merkle Tree"
 */
export function decodeTile(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  const isWidth = Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
  if (!isWidth || bytes.length !== width * HASH_BYTES) {
    throw malformed(
      `a tile of ${bytes.length} bytes, expected ${HASH_BYTES} for each of its ${width} hashes`,
    );
  }
  return Array.from({ length: width }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_TILE', message);
}
