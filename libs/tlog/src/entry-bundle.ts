import { TlogError } from './error.js';
import { TILE_WIDTH } from './tile-path.js';

/** Bytes of one entry in a bundle: what its length prefix can say. */
export const MAX_ENTRY_BYTES = 65_535;

const PREFIX_BYTES = 2;

/** Bytes of a full bundle of the longest entries, which no other is longer than: 16 MiB. */
export const MAX_ENTRY_BUNDLE_BYTES = TILE_WIDTH * (PREFIX_BYTES + MAX_ENTRY_BYTES);

/**
 * Encodes 1 to 256 entries, each behind its length as a big-endian uint16.
 *
 * @throws TlogError MALFORMED_ENTRY_BUNDLE for no entry or more than 256
 * @throws TlogError TOO_LARGE for an entry of more than 65,535 bytes
 * Source: C2SP tlog-tiles, "Log entries"
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw malformed(`a bundle of ${entries.length} entries, expected 1 to ${TILE_WIDTH}`);
  }
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TlogError(
        'TOO_LARGE',
        `an entry of ${entry.length} bytes, expected at most ${MAX_ENTRY_BYTES}: log its digest and keep it elsewhere`,
      );
    }
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * Decodes a bundle of `width` entries, as its path names it. The entries are views of `bytes`.
 *
 * @throws TlogError MALFORMED_ENTRY_BUNDLE unless width is 1 to 256 and the bytes are exactly that
 *   many entries
 * Source: C2SP tlog-tiles, "Log entries"
 */
export function decodeEntryBundle(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw malformed(`a bundle of ${width} entries, expected 1 to ${TILE_WIDTH}`);
  }
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const [high, low] = bytes.subarray(at, at + PREFIX_BYTES);
    const begin = at + PREFIX_BYTES;
    // A cut prefix has no second byte, and then no entry behind it either.
    if (high === undefined || low === undefined) throw cut(entries.length, width);
    at = begin + ((high << 8) | low);
    if (at > bytes.length) throw cut(entries.length, width);
    entries.push(bytes.subarray(begin, at));
  }
  // An entry behind the last one would be read by some and be hashed into the tree by nobody.
  if (at < bytes.length) {
    throw malformed(`${bytes.length - at} bytes stand behind the last of ${width} entries`);
  }
  return entries;
}

function cut(count: number, width: number): TlogError {
  return malformed(`a bundle ends within entry ${count}, expected ${width} whole entries`);
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_ENTRY_BUNDLE', message);
}
