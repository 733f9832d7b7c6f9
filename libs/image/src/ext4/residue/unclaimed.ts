import type { Claims } from '../claims.js';
import type { Volume } from '../volume.js';
import { isZero } from '../zeros.js';
import type { Residue } from './residue.js';

const PIECE_BYTES = 1024 ** 2;

/**
 * Accounts for every block that nothing told of has, and for what follows the last block: the boot
 * sector, the journal, free blocks, blocks that were reserved and never written. Blocks of zeros are
 * left out, as the number of each other one is told. Yields after each mebibyte.
 *
 * @throws ImageError TRUNCATED
 */
export function* feedUnclaimed(
  volume: Volume,
  claims: Claims,
  residue: Residue,
): Generator<null, void> {
  const { source } = volume;
  const { blocks, blockBytes } = volume.superblock;
  const most = PIECE_BYTES / blockBytes;
  let block = claims.nextFree(0);
  while (block < blocks) {
    const end = claims.nextOwned(block, Math.min(blocks, block + most));
    const offset = block * blockBytes;
    const length = (end - block) * blockBytes;
    if (source.isHole?.(offset, length) !== true) {
      feedPieces(source.read(offset, length), offset, blockBytes, residue);
    }
    yield null;
    block = claims.nextFree(end);
  }
  for (let at = blocks * blockBytes; at < source.sizeBytes; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, source.sizeBytes - at);
    feedPieces(source.read(at, length), at, blockBytes, residue);
    yield null;
  }
}

/** Feeds what is not zero, each block by itself. */
function feedPieces(bytes: Buffer, offset: number, blockBytes: number, residue: Residue): void {
  if (isZero(bytes)) return;
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const piece = bytes.subarray(at, at + blockBytes);
    if (!isZero(piece)) residue.rest.add('bloc', offset + at, piece);
  }
}
