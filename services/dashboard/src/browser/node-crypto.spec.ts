import * as node from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBase64Text } from '#libs/encoding';
import { Buffer as Shipped } from './buffer.js';
import { hash } from './node-crypto.js';

test('SHA-256 is node:crypto’s in each form that libs ask for', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string()), (data) => {
      expect(hash('sha256', data)).toBe(node.hash('sha256', data));
      expect(hash('sha256', data, 'binary')).toBe(node.hash('sha256', data, 'binary'));
      expect(Buffer.from(hash('sha256', data, 'buffer') as Uint8Array)).toEqual(
        node.hash('sha256', data, 'buffer'),
      );
    }),
    { numRuns: 50 },
  );
  expect(() => hash('md5', '')).toThrow(TypeError);
});

test('the Buffer that is shipped reads and writes texts as Node’s does, hostile ones among them', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '\u00e9', '\ud800', '\udfff', '\0') }),
  );
  const forms = fc.constantFrom<BufferEncoding>('hex', 'base64');
  fc.assert(
    fc.property(any, fc.uint8Array(), forms, (text, bytes, form) => {
      expect([...Shipped.from(text)]).toEqual([...Buffer.from(text)]);
      expect([...Shipped.from(text, 'latin1')]).toEqual([...Buffer.from(text, 'latin1')]);

      // Libs hand over no hexadecimal that they did not look at, and no base64 to read it by.
      const written = Buffer.from(bytes).toString(form);
      expect(Shipped.from(bytes).toString(form)).toBe(written);
      expect([...Shipped.from(written, form)]).toEqual([...bytes]);
    }),
    { numRuns: 200 },
  );
});

test('it tells what is base64, of ASCII that nobody has looked at, as Node’s does', () => {
  const unit = fc.constantFrom(...'Aa0+/-_Z9=.\n "\\~'.split(''));
  const written = fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Shipped.from(bytes).toString('base64'));
  const target = Shipped.alloc(64);
  // `isBase64Text` asks for as many bytes as the letters and the padding of such a text stand for.
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit, maxLength: 16 }), written), (text) => {
      fc.pre(text.length % 4 === 0);
      const sizeBytes = (text.length / 4) * 3 - (/={0,2}$/.exec(text)?.[0].length ?? 0);
      const isWhole = target.write(text, 0, sizeBytes, 'base64') === sizeBytes;
      expect(isWhole).toBe(isBase64Text(text));
    }),
    { numRuns: 3000 },
  );
});

test('it compares with any bytes, as Node’s does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const ours = Shipped.from(a) as { equals(other: Uint8Array): boolean };
      expect(ours.equals(Uint8Array.from(a))).toBe(true);
      expect(ours.equals(b)).toBe(Buffer.from(a).equals(b));
      expect(Shipped.compare(a, b)).toBe(Buffer.compare(a, b));
      expect([...Shipped.concat([a, b])]).toEqual([...Buffer.concat([a, b])]);
    }),
    { numRuns: 50 },
  );
});
