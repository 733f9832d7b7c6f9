import { expect, test } from 'vitest';
import { WrittenPieces } from './written-pieces.js';

const PIECE_BYTES = 4096;

test('a range is a hole only where no piece of it was written', () => {
  const written = new WrittenPieces(PIECE_BYTES);
  written.add(10 * PIECE_BYTES, 0);
  written.add(100 * PIECE_BYTES, PIECE_BYTES + 1);
  expect(written.isAny(0, 100 * PIECE_BYTES)).toBe(false);
  expect(written.isAny(0, 100 * PIECE_BYTES + 1)).toBe(true);
  expect(written.isAny(101 * PIECE_BYTES, 1)).toBe(true);
  expect(written.isAny(102 * PIECE_BYTES, 10_000 * PIECE_BYTES)).toBe(false);
});

test('a file that claims a pebibyte costs no memory, and has no holes that are known', () => {
  const written = new WrittenPieces(PIECE_BYTES);
  written.add(2 ** 50, PIECE_BYTES);
  expect(written.isAny(2 ** 50, PIECE_BYTES)).toBe(true);
  expect(written.isAny(2 ** 50 - PIECE_BYTES, 1)).toBe(true);
  expect(written.isAny(0, PIECE_BYTES)).toBe(false);
});

test('what of a range was not written is counted to the byte, and past what is known all of it', () => {
  const pieces = new WrittenPieces(4096);
  pieces.add(4096, 4096);
  expect(pieces.unwritten(0, 4096 * 3)).toBe(4096 * 2);
  expect(pieces.unwritten(4000, 200)).toBe(96);
  expect(pieces.unwritten(pieces.reachBytes - 10, 30)).toBe(30);
  expect(pieces.unwritten(pieces.reachBytes + 5, 30)).toBe(30);
});
