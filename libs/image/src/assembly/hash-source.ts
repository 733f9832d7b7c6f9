import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Sha256 } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';

const PIECE_BYTES = 1024 ** 2;
/** After so many pieces others get their turn: reading is synchronous. */
const PIECES_A_TURN = 16;

/** Gives a source's bytes in order, piece by piece; each is the source's again when the next is asked for. */
export async function* piecesOf(
  source: ByteSource,
  pieceBytes = PIECE_BYTES,
): AsyncGenerator<Buffer> {
  for (let at = 0, pieces = 1; at < source.sizeBytes; at += pieceBytes, pieces += 1) {
    if (pieces % PIECES_A_TURN === 0) await setImmediate();
    yield source.read(at, Math.min(pieceBytes, source.sizeBytes - at));
  }
}

/** Hashes all of a source; `check` is called now and then, and may throw. */
export async function hashSource(source: ByteSource, check: () => void): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(source)) {
    check();
    hash.update(piece);
  }
  return hash.digest('hex') as Sha256;
}
