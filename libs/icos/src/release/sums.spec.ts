import { sha256 } from '#libs/encoding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf, parseSums } from '../index.js';

const [a, b] = [sha256('a'), sha256('b')];
const refusal = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as string }) as Error;

describe('SHA256SUMS', () => {
  test.each([' ', '  ', ' *'])('with %j between digest and name is read', (gap) => {
    const sums = parseSums(`${a}${gap}update-img.tar.zst\n${b}${gap}launch-measurements.json\n`);
    expect(digestOf(sums, 'update-img.tar.zst')).toBe(a);
    expect(digestOf(sums, 'launch-measurements.json')).toBe(b);
  });

  test('without its last line break, and with nothing at all, is read', () => {
    expect(digestOf(parseSums(`${a} x`), 'x')).toBe(a);
    expect(parseSums('').digests.size).toBe(0);
  });

  test('that lists a name twice with one digest is read, and the name is noted', () => {
    const sums = parseSums(`${a} x\n${b} y\n${a}  x\n${a} *x\n`);
    expect(sums.repeated).toEqual(['x']);
    expect(digestOf(sums, 'x')).toBe(a);
  });

  test('that lists a name with two digests is refused', () => {
    expect(() => parseSums(`${a} x\n${b} y\n${b} x\n`)).toThrow(refusal('SUMS_CONFLICT', 'line 3'));
  });

  test('without the name that is asked for says so, and takes no similar one', () => {
    const sums = parseSums(`${a} update-img.tar.zst\n`);
    for (const name of ['update-img.tar.gz', './update-img.tar.zst', 'UPDATE-IMG.TAR.ZST']) {
      expect(() => digestOf(sums, name)).toThrow(refusal('NO_SUCH_SUM', name));
    }
  });

  test.each([
    ['a blank line', `${a} x\n\n${b} y\n`],
    ['a heading', `${a} x\n# sums\n`],
    ['a digest in capitals', `${a} x\n${b.toUpperCase()} y\n`],
    ['a short digest', `${a} x\n${b.slice(1)} y\n`],
    ['a tab', `${a} x\n${b}\ty\n`],
    ['three spaces', `${a} x\n${b}   y\n`],
    ['no name', `${a} x\n${b} \n`],
    ['a carriage return', `${a} x\n${b} y\r\n`],
    ['an escaped name', `${a} x\n\\${b}  a\\nb\n`],
    ['an escape sequence', `${a} x\n${b} y\u001b[2K\n`],
    ['a web page', `${a} x\n<html>`],
  ])('with %s is refused with the number of the line', (_, text) => {
    expect(() => parseSums(text)).toThrow(refusal('MALFORMED_SUMS', 'line 2'));
  });

  test('of unreasonable length is refused', () => {
    expect(() => parseSums(`${a} x\n`.repeat(20_000))).toThrow(refusal('MALFORMED_SUMS'));
  });

  test('of any names is read back, whatever the gaps', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_./-]([A-Za-z0-9_. /*-]{0,20}[A-Za-z0-9])?$/);
    const entry = fc.tuple(name, fc.string(), fc.constantFrom(' ', '  ', ' *'));
    const key = ([text]: [string, string, string]) => text;
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: key }), (entries) => {
        const lines = entries.map(([text, seed, gap]) => `${sha256(seed)}${gap}${text}\n`);
        const sums = parseSums(lines.join(''));
        expect([...sums.digests]).toEqual(entries.map(([text, seed]) => [text, sha256(seed)]));
      }),
    );
  });

  test('of any other text is read or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseSums(`${a} x\n${text}`);
        } catch (error) {
          expect(error).toMatchObject({ name: 'IcosError' });
        }
      }),
    );
  });
});
