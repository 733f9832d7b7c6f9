import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { goodRound } from './bundle.fixture.js';
import { BUNDLE_TYPE, type BundleHeader, type BundleLine } from './bundle-line.js';
import { keyWindowStart } from './bundle-source.js';
import { MAX_LINE_LENGTH, MAX_LINES, parseBundle, writeBundleLine } from './bundle-text.js';

const header: BundleHeader = { bundle: BUNDLE_TYPE, round: sha256('x'), origin: 'log.example' };
const first = writeBundleLine(header);
const codes = (text: Uint8Array | string): string[] =>
  parseBundle(text).findings.map(({ code }) => code);

const withByte = (text: string, byte: number): Uint8Array =>
  Buffer.concat([Buffer.from(first + text), Buffer.of(byte), Buffer.from('}\n')]);

describe('a bundle’s text', () => {
  test('comes back as it was written, with the line of each', () => {
    const text = goodRound().bundle();
    const { header: found, lines, findings } = parseBundle(text);
    expect(findings).toEqual([]);
    expect(lines.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 2));
    const rest = text.slice(text.indexOf('\n') + 1);
    const json = rest
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as BundleLine);
    expect(json.map(writeBundleLine).join('')).toBe(rest);
    expect(writeBundleLine(found!)).toBe(text.slice(0, text.indexOf('\n') + 1));
    expect(parseBundle(Buffer.from(text))).toEqual(parseBundle(text));
  });

  test.each<[what: string, text: Uint8Array | string, code: string]>([
    ['nothing', '', 'not-a-bundle'],
    ['a mark of byte order', `\ufeff${first}`, 'not-a-bundle'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x0a), 'not-a-bundle'],
    ['half a letter', `${first}{"type":"checkpoint","note":"\ud800"}\n`, 'not-a-bundle'],
    ['a line that is not UTF-8', withByte('{"type":"proof","hashes":[]', 0xff), 'line-malformed'],
    ['another header', first.replace('bundle/v1', 'bundle/v2'), 'not-a-bundle'],
    ['a header without its end', first.trimEnd(), 'not-a-bundle'],
    ['an empty line', `${first}\n`, 'line-malformed'],
    ['a line that is no object', `${first}7\n`, 'line-malformed'],
    ['a line without its end', `${first}{"type":"proof","hashes":[]}`, 'line-malformed'],
    ['a hash too short', `${first}{"type":"proof","hashes":["AA=="]}\n`, 'line-malformed'],
    ['a line of no type', `${first}{}\n`, 'line-unknown'],
    ['a line of a type of its own', `${first}{"type":"__proto__"}\n`, 'line-unknown'],
    ['a line too long', `${first}${' '.repeat(MAX_LINE_LENGTH)}{}\n`, 'too-large'],
    ['too many lines', first + '\n'.repeat(MAX_LINES), 'too-large'],
  ])('of %s is a finding', (_what, text, code) => {
    expect(codes(text)).toEqual([code]);
  });

  test('is read on after a line that is not UTF-8', () => {
    const rest = Buffer.from(goodRound().bundle().split('\n').slice(1).join('\n'));
    const spoilt = Buffer.concat([withByte('{', 0x80), rest]);
    const { lines, findings } = parseBundle(spoilt);
    expect(findings).toEqual([
      { code: 'line-malformed', message: 'line is not UTF-8', line: 2, index: null },
    ]);
    expect(lines.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 3));
  });

  test('has no letter in an envelope of which one half alone is one', () => {
    const text = goodRound().bundle();
    const at = text.lastIndexOf('"payload":"') + 20;
    const spoilt = `${text.slice(0, at)}\u0141${text.slice(at + 1)}`;
    expect(codes(spoilt)).toEqual(['line-malformed']);
    expect(codes(Buffer.from(spoilt))).toEqual(['line-malformed']);
  });

  test('that cannot be read back is not written', () => {
    const note = 'x'.repeat(MAX_LINE_LENGTH);
    expect(() => writeBundleLine({ type: 'checkpoint', note })).toThrow(
      expect.objectContaining({ code: 'LINE_TOO_LONG' }) as Error,
    );
  });
});

test('the window of keys begins where the first builder of a roster got its key', () => {
  const seat = { builder: 'b', publicKey: 'k' };
  const rosterOf = (...indexes: (number | undefined)[]) =>
    indexes.map((keyIndex) => ({
      operator: 'o',
      builders: [keyIndex === undefined ? seat : { ...seat, keyIndex }],
    }));
  expect(keyWindowStart(rosterOf(undefined, 7, 3))).toBe(3);
  expect(keyWindowStart(rosterOf(undefined))).toBeNull();
});
