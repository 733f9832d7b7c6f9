import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitStatement } from './commit.js';
import { COMMIT } from './sample.fixture.js';
import { Bytes32, Id, Label, parseStatement } from './statement.js';

const malformed: unknown = expect.objectContaining({ code: 'MALFORMED_STATEMENT' });
const good = commitStatement(COMMIT);
const bytesOf = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(value)));

describe('a statement', () => {
  test('is read without its unknown fields, which in-toto says to ignore', () => {
    expect(parseStatement(bytesOf({ ...good, extra: 1 }))).toEqual(good);
  });

  test.each<[string, unknown]>([
    ['of another version', { ...good, _type: 'https://in-toto.io/Statement/v0.1' }],
    ['without a subject', { ...good, subject: [] }],
    [
      'with more subjects than anybody needs',
      { ...good, subject: Array(65).fill(good.subject[0]) },
    ],
    ['without a predicate', { ...good, predicate: undefined }],
    ['whose predicate is a list', { ...good, predicate: [] }],
    ['whose subject’s name holds an escape', { ...good, subject: [{ name: '\u001b[31m' }] }],
    ['that is a list', [good]],
    ['that is null', null],
  ])('%s is refused', (_what, value) => {
    expect(() => parseStatement(bytesOf(value))).toThrow(malformed);
  });

  test('is refused with half a surrogate pair anywhere, even where nobody looks', () => {
    const text = JSON.stringify({ ...good, predicate: { unknown: ['LATER'] } });
    const half = text.replace('LATER', '\\uD800');
    expect(() => parseStatement(Buffer.from(half))).toThrow(malformed);
    const whole = text.replace('LATER', '\\ud83d\\udca5');
    expect(parseStatement(Buffer.from(whole)).predicate).toEqual({ unknown: ['💥'] });
    const key = text.replace('unknown', '\\udfff');
    expect(() => parseStatement(Buffer.from(key))).toThrow(malformed);
  });

  test('is refused when it is nested to crash a reader', () => {
    const deep = `${'['.repeat(200_000)}"\\ud800"${']'.repeat(200_000)}`;
    const text = JSON.stringify({ ...good, predicate: { deep: 1 } }).replace('1}', `${deep}}`);
    expect(() => parseStatement(Buffer.from(text))).toThrow(malformed);
  });

  test('is refused when it is not UTF-8', () => {
    const text = JSON.stringify({ ...good, predicate: { note: '#' } });
    expect(parseStatement(Buffer.from(text)).predicate).toEqual({ note: '#' });
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
      const payload = Buffer.from(
        text.replace('#', Buffer.from(bytes).toString('latin1')),
        'latin1',
      );
      expect(() => parseStatement(payload)).toThrow(malformed);
    }
  });

  test('is refused with its own error whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (bytes) => {
          expect(() => parseStatement(bytes)).toThrow(malformed);
        },
      ),
    );
  });
});

describe('a label', () => {
  test.each(['a', 'Debian GNU/Linux 12', 'prüfe', '漢字', '💥', 'a'.repeat(200)])(
    'may be %j',
    (text) => {
      expect(Label.safeParse(text).success).toBe(true);
    },
  );

  test.each([
    ...['', 'a\nb', 'a\tb', 'a\u0000b', '\u001b[31m', '\u009b31m', '\u007f', '\u202eabc'],
    ...['a\u200bb', '\ufeffa', 'a\u2028b', 'a\u2029b', '\u2066a', '\ud800', 'a'.repeat(201)],
  ])('may not be %j', (text) => {
    expect(Label.safeParse(text).success).toBe(false);
  });
});

test('32 bytes have exactly one text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(Bytes32.safeParse(text).success).toBe(bytes.length === 32);
      const withStrayBit = text.replace(/.=$/, (end) => `${end === '4=' ? '5' : 'B'}=`);
      if (withStrayBit !== text) expect(Bytes32.safeParse(withStrayBit).success).toBe(false);
    }),
  );
});

test.each(['', '.', 'a.b', 'A', '-a', 'a/b', 'a b', 'a*', '>', 'a'.repeat(81), 'é', 'a\n'])(
  '%j is no id: it could be more than one token, path or URL part',
  (text) => {
    expect(Id.safeParse(text).success).toBe(false);
  },
);
