import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextStore } from './text-store.js';

test('texts come back by their number, however many and long they are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 500 })), (texts) => {
      const store = new TextStore();
      const all = [...texts, 'x'.repeat(400_000), ...texts, 'é'.repeat(900_000), ...texts];
      for (const text of all) store.add(text);
      expect(store.count).toBe(all.length);
      expect(all.map((_, at) => store.get(at))).toEqual(all);
      const target = Buffer.alloc(2_000_000);
      const copied = (at: number) => target.subarray(5, 5 + store.copy(at, target, 5));
      expect(all.every((text, at) => copied(at).equals(Buffer.from(text)))).toBe(true);
    }),
    { numRuns: 10 },
  );
});
