import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asCommitId,
  canonicalJson,
  decodeBase64Into,
  fromBase64,
  fromBase64Any,
  fromHex,
  isBase64Text,
  sha256,
  sizeOfBase64,
  toBase64,
  toHex,
} from './index.js';

const vectors = new URL('../vectors/rfc8785/', import.meta.url);

describe('canonical JSON', () => {
  test.each(readdirSync(new URL('input/', vectors)))('%s comes out as RFC 8785 has it', (file) => {
    const input: unknown = JSON.parse(readFileSync(new URL(`input/${file}`, vectors), 'utf8'));
    expect(canonicalJson(input)).toBe(readFileSync(new URL(`output/${file}`, vectors), 'utf8'));
  });

  test.each([[Number.NaN], [Infinity], ['\ud800'], [undefined]])('refuses %j', (value) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: 'NOT_CANONICALIZABLE' }),
    );
  });
});

describe('base64', () => {
  test('any bytes survive', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  test('a text is told by its letters, standard or url-safe, stray bits or not', () => {
    const pattern = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/;
    const unit = fc.constantFrom(...'Aa0+/-_Z9=.\n "\\'.split(''));
    const written = fc.uint8Array({ maxLength: 40 }).map(toBase64);
    const texts = fc.oneof(fc.string({ unit, maxLength: 12 }), written);
    fc.assert(
      fc.property(texts, (text) => {
        expect(isBase64Text(text)).toBe(pattern.test(text));
      }),
      { numRuns: 3000 },
    );
    for (const text of ['', '====', 'QQ==QQ==', 'A===', '=QQ=', 'QQ==\n', 'Q Q=', 'QUJD\n\n\n\n']) {
      expect([text, isBase64Text(text)]).toEqual([text, pattern.test(text)]);
    }
  });

  test('what is decoded among other bytes is what is decoded alone, of whatever text', () => {
    const unit = fc.constantFrom(...'Aa0+/-_Z9QgwE=.\n \u00e4\u0141\u4141'.split(''));
    const written = fc.uint8Array({ maxLength: 40 }).map(toBase64);
    const strayed = fc.tuple(written, fc.nat(60), unit).map(([text, at, letter]) => {
      return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 12 }), written, strayed), (text) => {
        const target = Buffer.alloc(64, 0xee);
        const isTaken = decodeBase64Into(text, target, 7);
        let alone: Uint8Array | null = null;
        try {
          alone = fromBase64(text);
        } catch {
          // Then it is not to be taken either.
        }
        expect([text, isTaken]).toEqual([text, alone !== null]);
        if (alone === null) return;
        expect(sizeOfBase64(text)).toBe(alone.length);
        expect(target.subarray(7, 7 + alone.length)).toEqual(Buffer.from(alone));
        expect([...target.subarray(7 + alone.length)].every((byte) => byte === 0xee)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(['QQ', 'QQ=', 'QR==', 'Q Q=', 'QQ==\n', '-_8='])('refuses %j', (text) => {
    expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'NOT_BASE64' }));
  });

  test('url-safe letters are accepted where DSSE asks for it', () => {
    expect(fromBase64Any('-_8')).toEqual(fromBase64('+/8='));
    expect(() => fromBase64Any('-_9')).toThrow(expect.objectContaining({ code: 'NOT_BASE64' }));
  });
});

describe('digests and commits', () => {
  test('the digest of nothing is the known one', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test.each(['HEAD', '--upload-pack=x', 'abc123', 'A'.repeat(40), `${'a'.repeat(40)}\n`])(
    'refuses %j as a commit',
    (text) => {
      expect(() => asCommitId(text)).toThrow(expect.objectContaining({ code: 'NOT_A_COMMIT' }));
    },
  );
});
