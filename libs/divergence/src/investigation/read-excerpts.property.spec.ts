import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Excerpt } from '../difference.js';
import { seededChance } from '../statistics/chance.js';
import { DEFAULT_INVESTIGATION_LIMITS } from './limits.js';
import { MemoryAsker } from './memory-asker.fixture.js';
import { readExcerpts } from './read-excerpts.js';

/** A text of lines, or other bytes. */
const fileArb = fc
  .record({
    sizeBytes: fc.oneof(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 6000, max: 90_000 })),
    isText: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ sizeBytes, isText, seed }) => {
    const chance = seededChance(seed);
    const byte = (): number => Math.floor(chance() * 256);
    const character = (): number => (chance() < 0.02 ? 10 : 97 + Math.floor(chance() * 26));
    return Buffer.from(Array.from({ length: sizeBytes }, isText ? character : byte));
  });

const editArb = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  cutBytes: fc.integer({ min: 0, max: 4000 }),
  addedBytes: fc.integer({ min: 0, max: 4000 }),
});

/** The same file with some bytes cut out, and others put in their place. */
const pairArb = fc
  .tuple(fileArb, fc.array(editArb, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([left, edits, isOfOneSize]) => {
    let right = left;
    for (const { at, cutBytes, addedBytes } of edits) {
      const start = Math.floor(at * right.length);
      const cut = Math.min(cutBytes, right.length - start);
      const added = Buffer.alloc(isOfOneSize ? cut : addedBytes, 'THE OTHER ');
      right = Buffer.concat([right.subarray(0, start), added, right.subarray(start + cut)]);
    }
    return { left, right };
  })
  .filter(({ left, right }) => !left.equals(right));

/** Puts what excerpts show of the right side in the place of what they show of the left. */
function rebuilt(left: Buffer, excerpts: readonly Excerpt[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const excerpt of excerpts) {
    // Of two places that lie close both have what is between them.
    const start = Math.max(at, excerpt.offset);
    parts.push(left.subarray(at, start), excerpt.right.subarray(start - excerpt.offset));
    at = excerpt.offset + excerpt.left.length;
  }
  return Buffer.concat([...parts, left.subarray(at)]);
}

test('excerpts of two files show all that differs, or say that they do not', async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(pairArb, async ({ left, right }) => {
      const sides = { left: new MemoryAsker({ f: left }), right: new MemoryAsker({ f: right }) };
      const [a, b] = [left, right].map((bytes) => ({ content: sha256(bytes), size: bytes.length }));
      const difference = fileAt('f', { left: a ?? null, right: b ?? null });
      const seen = await readExcerpts(sides, difference, DEFAULT_INVESTIGATION_LIMITS);
      expect(seen.notAsTold ?? []).toEqual([]);
      for (const excerpt of seen.excerpts) {
        const { offset } = excerpt;
        const told = left.subarray(offset, offset + excerpt.left.length);
        expect(told.equals(excerpt.left)).toBe(true);
        expect(told.equals(excerpt.right)).toBe(false);
      }
      if (seen.unlooked !== null) return;
      whole += 1;
      expect(rebuilt(left, seen.excerpts).equals(right)).toBe(true);
    }),
    { numRuns: 100 },
  );
  expect(whole).toBeGreaterThan(20);
});
