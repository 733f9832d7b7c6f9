import { expect, test } from 'vitest';
import { crc32c, crc32cOfNumber } from './crc32c.js';

/** As protocols write it: begun with ones, and inverted at its end. */
const whole = (bytes: Uint8Array): number => ~crc32c(0xffffffff, bytes) >>> 0;

test.each([
  ['zeros', Buffer.alloc(32), 0x8a9136aa],
  ['ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['rising', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ['falling', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
])('the vector of %s in RFC 3720 B.4', (_name, bytes, expected) => {
  expect(whole(bytes)).toBe(expected);
});

test('parts of any length give the sum of the whole', () => {
  const bytes = Buffer.from('whatever is summed in parts is summed as a whole');
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(crc32c(crc32c(7, bytes, 0, at), bytes, at)).toBe(crc32c(7, bytes));
  }
});

test('a number counts as its four bytes, the lowest first', () => {
  const bytes = Buffer.from([0xef, 0xbe, 0xad, 0xde]);
  expect(crc32cOfNumber(7, 0xdeadbeef)).toBe(crc32c(7, bytes));
});
