import { describe, expect, test } from 'vitest';
import { MAX_LOG_BYTES } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { fetchLog, type PieceAsker } from './fetch-log.js';

const TEXT = Buffer.from('line one\nline two ü\n');
const DIGEST = sha256(TEXT);

function inPieces(bytes: Buffer, length: number, sizeBytes = bytes.length): PieceAsker {
  return (offset) =>
    Promise.resolve({ sizeBytes, bytes: toBase64(bytes.subarray(offset, offset + length)) });
}
const says =
  (answer: unknown): PieceAsker =>
  () =>
    Promise.resolve(answer);

test('a log comes in pieces, and is the one that the result names', async () => {
  expect(await fetchLog(inPieces(TEXT, 7), DIGEST)).toEqual({ kind: 'stored', text: TEXT });
  const empty = Buffer.alloc(0);
  const nothing = await fetchLog(inPieces(empty, 7), sha256(empty));
  expect(nothing).toEqual({ kind: 'stored', text: empty });
});

describe('a log is refused', () => {
  const colours = Buffer.from('\u001b[31mred\n');
  const latin = Buffer.from([0x66, 0xfc, 0x0a]);
  test.each<[string, PieceAsker, string, string]>([
    ['of other bytes', inPieces(Buffer.from('another'), 99), DIGEST, 'other-bytes'],
    ['that says to be huge', inPieces(TEXT, 7, 10 * 1024 ** 3), DIGEST, 'too-large'],
    ['that is a byte too large', inPieces(TEXT, 7, MAX_LOG_BYTES + 1), DIGEST, 'too-large'],
    ['that never ends', inPieces(TEXT, 7, 1_000), DIGEST, 'malformed'],
    ['of more than it says', inPieces(TEXT, 99, 3), DIGEST, 'malformed'],
    ['that is none', says({ bytes: 7 }), DIGEST, 'malformed'],
    ['that a terminal would obey', inPieces(colours, 99), sha256(colours), 'not-text'],
    ['that is no UTF-8', inPieces(latin, 99), sha256(latin), 'not-text'],
  ])('%s', async (_, ask, digest, reason) => {
    expect(await fetchLog(ask, digest)).toEqual({ kind: 'refused', reason });
  });
});

test('a builder that is away or not ready is asked later, one that has it no more is not', async () => {
  const away: PieceAsker = () => Promise.reject(new Error('away'));
  expect(await fetchLog(away, DIGEST)).toEqual({ kind: 'later', reason: 'away' });
  for (const refused of ['not-revealed', 'busy', 'switched-off'] as const) {
    expect(await fetchLog(says({ refused }), DIGEST)).toEqual({ kind: 'later', reason: refused });
  }
  const gone = await fetchLog(says({ refused: 'not-kept' }), DIGEST);
  expect(gone).toEqual({ kind: 'missing', reason: 'not-kept' });
});
