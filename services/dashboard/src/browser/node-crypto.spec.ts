import * as node from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';
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

      // Libs hand over no hexadecimal and no base64 that they did not look at.
      const written = Buffer.from(bytes).toString(form);
      expect(Shipped.from(bytes).toString(form)).toBe(written);
      expect([...Shipped.from(written, form)]).toEqual([...bytes]);
    }),
    { numRuns: 200 },
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
