import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { formatLocation, pathText, valueText } from './index.js';
import { isPrintable } from './printable.js';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => new Uint8Array(Buffer.from(text))),
);

/** What a reader of the text makes of it. */
function unescape(text: string): Buffer {
  const parts = text.split(/(\\x[0-9a-f]{2})/);
  return Buffer.concat(
    parts.map((part, i) =>
      i % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part, 'utf8'),
    ),
  );
}

describe('names', () => {
  test.each([
    ['etc/hostname', 'etc/hostname'],
    ['Grüße/日本', 'Grüße/日本'],
    ['a\\b', 'a\\x5cb'],
    ['a\nb\u001b[31m', 'a\\x0ab\\x1b[31m'],
    ['x\u202ey', 'x\\xe2\\x80\\xaey'],
  ])('%j is written %s', (name, text) => {
    expect(pathText(Buffer.from(name))).toBe(text);
  });

  test.each([
    [[0xff, 0x61], '\\xffa'],
    [[0xc3, 0x28], '\\xc3('],
    [[0xe2, 0x82], '\\xe2\\x82'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xef, 0xbb, 0xbf, 0x61], '\\xef\\xbb\\xbfa'],
  ])('bytes %j, which are no text, are written %s', (name, text) => {
    expect(pathText(Uint8Array.from(name))).toBe(text);
  });

  test('any bytes come out printable, and can be told from the text', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const text = pathText(name);
        expect(isPrintable(text)).toBe(true);
        expect(unescape(text)).toEqual(Buffer.from(name));
      }),
    );
  });
});

describe('values', () => {
  test('a short printable text stands as it is, all else as its digest', () => {
    expect(valueText(Buffer.from('system_u:object_r:etc_t:s0'))).toBe('system_u:object_r:etc_t:s0');
    for (const value of ['a\0', 'x'.repeat(201), 'a\u202eb', 'sha256:00', '\u009b']) {
      expect(valueText(Buffer.from(value))).toBe(`sha256:${sha256(Buffer.from(value))}`);
    }
  });
});

describe('locations', () => {
  test.each([
    [['', '', 'root.img', 'etc/hostname'], 'root.img › etc/hostname'],
    [['', 'VERSION.TXT'], 'VERSION.TXT'],
    [[''], 'the artifact itself'],
    [[], 'the artifact itself'],
  ])('%j reads %s', (location, text) => {
    expect(formatLocation(location)).toBe(text);
  });
});
