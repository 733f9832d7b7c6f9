import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { DISPATCH_STREAM } from '../streams.js';
import { Receipt, receiptBodies, ReceiptsIssued } from './receipts.js';

const receipt = (at: number, proof = 'x'): Receipt => ({ envelopeSha256: sha256(`${at}`), proof });
const receiptsIn = (body: string): readonly Receipt[] =>
  ReceiptsIssued.parse(JSON.parse(body)).receipts;

test('a receipt has a proof of bounded length', () => {
  expect(Receipt.safeParse(receipt(0, 'x'.repeat(65_537))).success).toBe(false);
});

test.each([0, 257])('a message of %i receipts is none', (count) => {
  const receipts = Array.from({ length: count }, (_, at) => receipt(at));
  expect(ReceiptsIssued.safeParse({ receipts }).success).toBe(false);
});

describe('receipts are written', () => {
  test('into one message, as long as they fit', () => {
    expect(receiptBodies([])).toEqual([]);
    const many = Array.from({ length: 256 }, (_, at) => receipt(at, 'x'.repeat(1_500)));
    expect(receiptBodies(many)).toHaveLength(1);
    expect(receiptBodies([...many, receipt(256)])).toHaveLength(2);
  });

  test('so that no message is larger than the stream takes, and none is lost or moved', () => {
    const proof = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 2_000 }),
      fc.constantFrom('\u2028'.repeat(65_536), '\u0000'.repeat(65_536), 'x'.repeat(65_536)),
    );
    fc.assert(
      fc.property(fc.array(proof, { maxLength: 300 }), (proofs) => {
        const all = proofs.map((text, at) => receipt(at, text));
        const bodies = receiptBodies(all);
        expect(bodies.flatMap(receiptsIn)).toEqual(all);
        for (const body of bodies) {
          expect(Buffer.byteLength(body)).toBeLessThan(DISPATCH_STREAM.maxMessageBytes);
        }
      }),
      { numRuns: 30 },
    );
  });
});
