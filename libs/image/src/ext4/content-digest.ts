import { createHash, hash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';
import type { Runs } from './runs.js';
import { isZero } from './zeros.js';

/** So much is read and hashed at a time; smaller files are hashed in one call. */
const PIECE_BYTES = 1024 ** 2;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/** Told the bytes between a file's end and that of its last block, unless they are zeros. */
export type SlackVisitor = (bytes: Buffer) => void;

/**
 * Hashes the bytes of a file, holes as zeros. Yields after each mebibyte of a file that has more.
 *
 * @throws ImageError TRUNCATED
 */
export function* contentDigest(
  source: ByteSource,
  runs: Runs,
  onSlack: SlackVisitor,
): Generator<null, Sha256> {
  const [logical, physical = 0, count = 0] = runs.triples;
  const { sizeBytes, blockBytes } = runs;
  if (logical === 0 && count * blockBytes >= sizeBytes && sizeBytes <= PIECE_BYTES) {
    const bytes = source.read(physical * blockBytes, count * blockBytes);
    if (!isZero(bytes, sizeBytes)) onSlack(bytes.subarray(sizeBytes));
    return hash('sha256', bytes.subarray(0, sizeBytes)) as Sha256;
  }
  const digest = createHash('sha256');
  for (const { length, at } of runs.pieces()) {
    for (let done = 0; done < length; done += PIECE_BYTES) {
      const bytes = Math.min(PIECE_BYTES, length - done);
      digest.update(at === null ? ZEROS.subarray(0, bytes) : source.read(at + done, bytes));
      yield null;
    }
  }
  readSlack(source, runs, onSlack);
  return digest.digest('hex') as Sha256;
}

/** Reads what lies between a file's end and that of its last block. */
export function readSlack(source: ByteSource, runs: Runs, onSlack: SlackVisitor): void {
  const [logical = 0, physical = 0, count = 0] = runs.triples.slice(-3);
  const end = (logical + count) * runs.blockBytes;
  if (end <= runs.sizeBytes) return;
  const last = (physical + count) * runs.blockBytes;
  const slack = source.read(last - (end - runs.sizeBytes), end - runs.sizeBytes);
  if (!isZero(slack)) onSlack(slack);
}

/** Digest of where the holes of a file are; undefined for a file without. */
export function holesDigest(runs: Runs): Sha256 | undefined {
  if (runs.storedBytes >= runs.sizeBytes) return undefined;
  const digest = createHash('sha256').update('repro-quorum/holes/v1\n');
  for (const { offset, length, at } of runs.pieces()) {
    if (at === null) digest.update(`${offset}+${length}\n`);
  }
  return digest.digest('hex') as Sha256;
}
