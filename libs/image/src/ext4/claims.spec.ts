import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImageError } from '../error.js';
import { Claims } from './claims.js';

test('a block has one owner', () => {
  const claims = new Claims(100);
  claims.claim(10, 5, 'one');
  claims.claim(15, 1, 'another');
  expect(() => {
    claims.claim(8, 3, 'a third');
  }).toThrow(ImageError);
  expect(() => {
    claims.claim(99, 2, 'a third');
  }).toThrow('block 100');
});

test('runs of free and owned blocks are found as a plain list finds them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(90)), fc.nat(90), (owned, from) => {
      const claims = new Claims(91);
      for (const block of owned) claims.claim(block, 1, 'it');
      const blocks = Array.from({ length: 91 }, (_, block) => block).filter((b) => b >= from);
      expect(claims.nextFree(from)).toBe(blocks.find((b) => !owned.includes(b)) ?? 91);
      expect(claims.nextOwned(from, 91)).toBe(blocks.find((b) => owned.includes(b)) ?? 91);
    }),
  );
});
