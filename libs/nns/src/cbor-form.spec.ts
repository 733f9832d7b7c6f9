import { Cbor } from '@dfinity/agent';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCborForm } from './cbor-form.js';

test('what the encoder writes is well formed, and no part of it is', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.tuple(fc.constant(3), bytes),
      fc.tuple(fc.constant(1), tie('tree'), tie('tree')),
      fc.tuple(fc.constant(2), bytes, tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, bytes, fc.nat(), (value, signature, cut) => {
      const encoded = Cbor.encode({ tree: value, signature });
      expect(() => {
        checkCborForm(encoded);
      }).not.toThrow();
      expect(() => {
        checkCborForm(encoded.slice(0, cut % encoded.length));
      }).toThrow(expect.objectContaining({ code: 'UNCERTIFIED' }));
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a byte too many', '4101ff'],
  ['a string that claims more than there is', '420a'],
  ['a string that claims 2^64 - 1 bytes', '5bffffffffffffffff00'],
  ['a list that claims 2^63 items', '9b800000000000000000'],
  ['a length that is cut', '59ff'],
  ['an indefinite string', '5f4101ff'],
  ['lists in lists, 100,000 deep', '81'.repeat(100_000)],
])('%s is refused', (_name, hex) => {
  expect(() => {
    checkCborForm(Buffer.from(hex, 'hex'));
  }).toThrow(expect.objectContaining({ code: 'UNCERTIFIED' }));
});
