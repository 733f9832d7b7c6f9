import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import {
  MAX_REQUEST_BYTES,
  MAX_SIGNATURES,
  MAX_SIZE,
  TlogError,
  formatAddCheckpoint,
  formatCosignatureLines,
  formatTreeSize,
  parseAddCheckpoint,
  parseCosignatureLines,
  parseTreeSize,
} from './index.js';

const hash = new Uint8Array(32).fill(7);
const hashLine = `${toBase64(hash)}\n`;
const checkpoint = `log.example/ic\n2\n${hashLine}\n— log.example/ic AAAAAAA=\n`;
const body = `old 1\n${hashLine}\n${checkpoint}`;
const line = '— w.example AAAAAAA=\n';
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

describe('a request', () => {
  test('survives writing and reading, byte for byte', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_SIZE }), hashes, (oldSize, proof) => {
        const request = { oldSize, proof, checkpoint };
        const written = formatAddCheckpoint(request);
        expect(parseAddCheckpoint(Buffer.from(written))).toEqual(request);
      }),
    );
    expect(formatAddCheckpoint({ oldSize: 1n, proof: [hash], checkpoint })).toBe(body);
  });

  test.each([
    ['nothing', ''],
    ['a newline', '\n'],
    ['two newlines', '\n\n'],
    ['no old size', `${hashLine}\n${checkpoint}`],
    ['a capital Old', body.replace('old', 'Old')],
    ['a size alone', body.replace('old ', '')],
    ['no size', body.replace('old 1', 'old ')],
    ['no space', body.replace('old 1', 'old1')],
    ['two spaces', body.replace('old 1', 'old  1')],
    ['a tab', body.replace('old 1', 'old\t1')],
    ['a space after', body.replace('old 1', 'old 1 ')],
    ['a leading zero', body.replace('old 1', 'old 01')],
    ['two zeros', body.replace('old 1', 'old 00')],
    ['a negative size', body.replace('old 1', 'old -1')],
    ['a plus', body.replace('old 1', 'old +1')],
    ['a hexadecimal size', body.replace('old 1', 'old 0x1')],
    ['a size of 2^64', body.replace('old 1', 'old 18446744073709551616')],
    ['two old sizes', body.replace('old 1', 'old 1\nold 1')],
    ['a blank line before', `\n${body}`],
    ['a byte order mark', `\ufeff${body}`],
    ['carriage returns', body.replaceAll('\n', '\r\n')],
    ['a short hash', body.replace(hashLine, 'AAAA\n')],
    ['a long hash', body.replace(hashLine, `${toBase64(new Uint8Array(33))}\n`)],
    ['a hash in hex', body.replace(hashLine, `${'07'.repeat(32)}\n`)],
    ['a hash without padding', body.replace('=\n', '\n')],
    ['two hashes in a line', body.replace('\n', ` ${hashLine}`)],
    ['64 hashes', body.replace(hashLine, hashLine.repeat(64))],
    ['no blank line', `old 1\n${hashLine}`],
  ])('with %s is malformed', (_what, bad) => {
    expect(() => parseAddCheckpoint(bad)).toThrow(refused('MALFORMED_REQUEST'));
  });

  test('with a blank line too many has an empty line where its checkpoint begins', () => {
    expect(parseAddCheckpoint(`old 1\n\n\n${checkpoint}`).checkpoint).toBe(`\n${checkpoint}`);
  });

  test('that is no UTF-8, or too large, is refused before it is read', () => {
    expect(() => parseAddCheckpoint(Uint8Array.of(0xc0, 0x8a))).toThrow(
      refused('MALFORMED_REQUEST'),
    );
    expect(() => parseAddCheckpoint(new Uint8Array(MAX_REQUEST_BYTES + 1))).toThrow(
      refused('TOO_LARGE'),
    );
  });

  test.each([
    ['64 hashes', { proof: Array.from({ length: 64 }, () => hash) }, 'MALFORMED_REQUEST'],
    ['a short hash', { proof: [hash.slice(1)] }, 'MALFORMED_HASH'],
    ['a negative size', { oldSize: -1n }, 'OUT_OF_RANGE'],
    ['a size of 2^64', { oldSize: 2n ** 64n }, 'OUT_OF_RANGE'],
    ['too many bytes', { checkpoint: ' '.repeat(MAX_REQUEST_BYTES) }, 'TOO_LARGE'],
  ])('with %s is not written', (_what, bad, code) => {
    const good = { oldSize: 1n, proof: [hash], checkpoint };
    expect(() => formatAddCheckpoint({ ...good, ...bad })).toThrow(refused(code));
  });
});

describe('the size in a conflict', () => {
  test.each([0n, 1n, 20852014n, MAX_SIZE])('%i survives writing and reading', (size) => {
    expect(parseTreeSize(formatTreeSize(size))).toBe(size);
  });

  test.each(['', '\n', '1', '01\n', '-1\n', '1\n\n', ' 1\n', '1 \n', '1\r\n', '0x1\n', '٢\n'])(
    '%j is malformed',
    (bad) => {
      expect(() => parseTreeSize(bad)).toThrow(refused('MALFORMED_RESPONSE'));
    },
  );

  test('beyond 64 bits is refused', () => {
    expect(() => parseTreeSize('18446744073709551616\n')).toThrow(refused('MALFORMED_RESPONSE'));
    expect(() => parseTreeSize(`${'9'.repeat(1_000)}\n`)).toThrow(refused('TOO_LARGE'));
    expect(() => formatTreeSize(2n ** 64n)).toThrow(refused('OUT_OF_RANGE'));
  });
});

describe('the cosignatures of an answer', () => {
  test('are lines, one or many', () => {
    const other = line.replace('w.', 'v.');
    expect(parseCosignatureLines(Buffer.from(line))).toEqual([line]);
    expect(parseCosignatureLines(formatCosignatureLines([line, other]))).toEqual([line, other]);
  });

  test.each([
    ['nothing', ''],
    ['a blank line', '\n'],
    ['no newline', line.slice(0, -1)],
    ['a blank line between', `${line}\n${line}`],
    ['text before', `ok\n${line}`],
    ['a whole note', checkpoint],
    ['carriage returns', line.replace('\n', '\r\n')],
    ['a key id alone', '— w.example AAAAAA==\n'],
    ['too many', line.repeat(MAX_SIGNATURES + 1)],
  ])('with %s are malformed', (_what, bad) => {
    expect(() => parseCosignatureLines(bad)).toThrow(refused('MALFORMED_RESPONSE'));
    expect(() => formatCosignatureLines([bad])).toThrow(refused('MALFORMED_RESPONSE'));
  });
});

test('any bytes are a request or a TlogError', () => {
  const cut = fc.tuple(fc.nat({ max: body.length }), fc.nat({ max: 3 }), fc.string());
  const near = cut.map(([at, length, put]) => body.slice(0, at) + put + body.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), near), (input) => {
      for (const run of [parseAddCheckpoint, parseTreeSize, parseCosignatureLines]) {
        try {
          run(input);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }
    }),
  );
});
