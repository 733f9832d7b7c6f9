import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_POLICY_BYTES,
  MAX_POLICY_ITEMS,
  TlogError,
  formatCheckpoint,
  formatCosignerVkey,
  formatPolicy,
  formatVkey,
  hashLeaf,
  judgeCosignatures,
  parseCosignerVkey,
  parsePolicy,
} from './index.js';

function publicKey(): Uint8Array {
  const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(jwk.x!, 'base64url'));
}

const origin = 'log.example/ic';
const logKey = publicKey();
const names = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'];
const keys = new Map(names.map((name) => [name, publicKey()]));
const key = (name: string): string => formatCosignerVkey(`${name}.example`, keys.get(name)!);
const witnessLines = names.map((name) => `witness ${name} ${key(name)}\n`).join('');
const logLine = `log ${formatVkey(origin, logKey)}\n`;
const example = `${logLine}${witnessLines}group X 2 x1 x2 x3\ngroup Y any y1 y2 y3\ngroup both all X Y\nquorum both\n`;
const refused = (code: string, message = ''): unknown =>
  expect.objectContaining({
    name: 'TlogError',
    code,
    message: expect.stringContaining(message) as unknown,
  });

describe('a policy', () => {
  test('is read with its comments, tabs and blank lines, and written without', () => {
    const spaced = `# ours\n\n \t\n\t# more\n${example.replaceAll(' ', ' \t ').replaceAll('\n', '  \n')}`;
    const policy = parsePolicy(Buffer.from(spaced));
    expect(policy).toEqual(parsePolicy(example));
    expect(policy.groups).toEqual([
      { name: 'X', threshold: 2, members: ['x1', 'x2', 'x3'] },
      { name: 'Y', threshold: 1, members: ['y1', 'y2', 'y3'] },
      { name: 'both', threshold: 2, members: ['X', 'Y'] },
    ]);
    expect(formatPolicy(policy)).toBe(example.replace('any', '1').replace('all', '2'));
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
  });

  test('may have URLs, names of any script, and no log and no witness at all', () => {
    const urls = `${logLine.trimEnd()} https://log.example/\nwitness свидетель\u00a01 ${key('x1')} https://w.example/\nquorum свидетель\u00a01\n`;
    expect(parsePolicy(urls)).toMatchObject({
      logs: [{ url: 'https://log.example/' }],
      witnesses: [{ name: 'свидетель\u00a01', url: 'https://w.example/' }],
    });
    expect(formatPolicy(parsePolicy(urls))).toBe(urls);
    expect(parsePolicy('quorum none\n')).toEqual({
      logs: [],
      witnesses: [],
      groups: [],
      quorum: 'none',
    });
  });

  const w1 = `witness x1 ${key('x1')}\n`;
  const w2 = `witness x2 ${key('x2')}\n`;
  const end = 'quorum none\n';
  const otherName = formatCosignerVkey('z.example', keys.get('x1')!);
  const ownWitness = formatCosignerVkey('w.example', logKey);
  test.each([
    ['nothing', '', 'newline'],
    ['no quorum', w1, 'no quorum line'],
    ['comments alone', '# none\n', 'no quorum line'],
    ['no newline at the end', 'quorum none', 'newline'],
    ['two quorums', end + end, 'line 2: a policy has one quorum'],
    ['a quorum that is unknown', `${w1}quorum x2\n`, 'line 2: quorum "x2"'],
    ['a quorum before its witness', `quorum x1\n${w1}`, 'line 1: quorum "x1"'],
    ['a quorum without a name', 'quorum\n', 'line 1: line has 1 items'],
    ['a quorum of two names', `${w1}${w2}quorum x1 x2\n`, 'line 3'],
    ['a comment after the quorum', 'quorum none # nobody\n', 'line 1'],
    ['an unknown line', `${w1}witnesses x1\n${end}`, 'line 2: "witnesses" is unknown'],
    ['a capital Quorum', 'Quorum none\n', 'line 1: "Quorum" is unknown'],
    ['a byte order mark', `\ufeff${end}`, 'line 1'],
    ['a no-break space', 'quorum\u00a0none\n', 'line 1'],
    ['carriage returns', 'quorum none\r\n', 'control character'],
    ['a NUL', 'quorum none\0\n', 'control character'],
    ['a delete character', 'quorum none\x7f\n', 'control character'],
    ['a log without a key', `log\n${end}`, 'line 1'],
    ['a log with too much', `${logLine.trimEnd()} a b\n${end}`, 'line 1'],
    ['a log key that is none', `log abc\n${end}`, 'line 1'],
    [
      'a log key of another id',
      `${logLine.replace(/\+[0-9a-f]{8}\+/, '+00000000+')}${end}`,
      'line 1',
    ],
    ['a log twice', `${logLine}${logLine}${end}`, 'line 2: the public key'],
    [
      'a log under two names',
      `${logLine}log ${formatVkey('b.example', logKey)}\n${end}`,
      'line 2: the public key',
    ],
    [
      'a log that is its own witness',
      `${logLine}witness w ${ownWitness}\nquorum w\n`,
      'line 2: the public key',
    ],
    ['a witness without a key', `witness x1\n${end}`, 'line 1'],
    ['a witness without a name', `witness ${key('x1')}\n${end}`, 'line 1'],
    ['a witness named none', `witness none ${key('x1')}\n${end}`, 'line 1: "none"'],
    ['a witness twice', `${w1}${w1}${end}`, 'line 2: "x1" is defined twice'],
    [
      'a witness key under two names',
      `${w1}witness z ${key('x1')}\n${end}`,
      'line 2: the public key',
    ],
    [
      'a public key under two key names',
      `${w1}witness z ${otherName}\n${end}`,
      'line 2: the public key',
    ],
    ['a name for two witnesses', `${w1}witness x1 ${key('x2')}\n${end}`, 'line 2: "x1" is defined'],
    ['a group with the name of a witness', `${w1}${w2}group x1 any x2\n${end}`, 'line 3: "x1"'],
    ['a group named none', `${w1}group none any x1\n${end}`, 'line 2: "none"'],
    ['a group without members', `${w1}group g all\n${end}`, 'line 2'],
    ['a group without a threshold', `${w1}${w2}group g x1 x2\n${end}`, 'line 3: threshold is "x1"'],
    ['a threshold of 0', `${w1}group g 0 x1\n${end}`, 'line 2: threshold'],
    ['a threshold above the members', `${w1}${w2}group g 3 x1 x2\n${end}`, 'line 3: threshold'],
    ['a threshold with a zero', `${w1}group g 01 x1\n${end}`, 'line 2: threshold'],
    ['a threshold with a plus', `${w1}group g +1 x1\n${end}`, 'line 2: threshold'],
    ['a negative threshold', `${w1}group g -1 x1\n${end}`, 'line 2: threshold'],
    ['a broken threshold', `${w1}group g 1.0 x1\n${end}`, 'line 2: threshold'],
    ['a capital ALL', `${w1}group g ALL x1\n${end}`, 'line 2: threshold'],
    ['none as a member', `${w1}group g any x1 none\n${end}`, 'line 2: "none" is not defined'],
    ['a member that is unknown', `${w1}group g any x1 x2\n${end}`, 'line 2: "x2" is not defined'],
    ['a member that comes later', `${w1}group g any x1 x2\n${w2}${end}`, 'line 2: "x2"'],
    ['a member twice in a group', `${w1}group g 2 x1 x1\n${end}`, 'line 2: "x1" is a member twice'],
    [
      'a member of two groups',
      `${w1}${w2}group g any x1 x2\ngroup h any x1\n${end}`,
      'line 4: "x1"',
    ],
    ['a group in itself', `${w1}group g any x1 g\n${end}`, 'line 2: "g" is not defined'],
    ['two groups in one another', `${w1}group g any h\ngroup h any g\n${end}`, 'line 2: "h"'],
    ['a group twice', `${w1}${w2}group g any x1\ngroup g any x2\n${end}`, 'line 4: "g"'],
  ])('with %s is refused, with the line', (_what, bad, message) => {
    expect(() => parsePolicy(bad)).toThrow(refused('MALFORMED_POLICY', message));
  });

  test('with a log key for a witness, or the reverse, is refused', () => {
    const asWitness = `witness w ${formatVkey('w', publicKey())}\n${end}`;
    expect(() => parsePolicy(asWitness)).toThrow(refused('UNSUPPORTED_KEY', 'line 1'));
    expect(() => parsePolicy(`log ${key('x1')}\n${end}`)).toThrow(refused('UNSUPPORTED_KEY'));
  });

  test('that is no UTF-8, too long or has too many items is refused', () => {
    expect(() => parsePolicy(Uint8Array.of(0x23, 0xff, 0x0a))).toThrow(refused('MALFORMED_POLICY'));
    expect(() => parsePolicy('#'.repeat(MAX_POLICY_BYTES + 1))).toThrow(refused('TOO_LARGE'));
    const groups = Array.from({ length: MAX_POLICY_ITEMS + 1 }, (_, i) => {
      return `group g${i} any ${i === 0 ? 'x1' : `g${i - 1}`}\n`;
    });
    expect(() => parsePolicy(`${w1}${groups.join('')}quorum g100\n`)).toThrow(
      refused('MALFORMED_POLICY', 'line 102'),
    );
    const most = `${w1}${groups.slice(0, -1).join('')}quorum g99\n`;
    expect(parsePolicy(most).groups).toHaveLength(MAX_POLICY_ITEMS);
  });

  test('that was put together wrongly is neither written nor judged by', () => {
    const good = parsePolicy(`${w1}quorum x1\n`);
    const text = formatCheckpoint({ origin, size: 1n, root: hashLeaf(new Uint8Array()) });
    const empty = { text, verified: [], unknown: [] };
    const again = { ...good.witnesses[0]!, name: 'z' };
    for (const bad of [
      { ...good, witnesses: [...good.witnesses, again] },
      { ...good, quorum: 'z' },
      { ...good, groups: [{ name: 'g', threshold: 0.5, members: ['x1'] }] },
      { ...good, witnesses: [{ ...good.witnesses[0]!, name: 'a b' }], quorum: 'none' },
      { ...good, witnesses: [{ ...good.witnesses[0]!, url: 'a b' }] },
      {
        ...good,
        witnesses: [{ name: 'x1', key: { ...parseCosignerVkey(key('x1')), keyId: '00000000' } }],
      },
    ]) {
      expect(() => formatPolicy(bad)).toThrow(refused('MALFORMED_POLICY'));
      expect(() => judgeCosignatures(bad, empty)).toThrow(refused('MALFORMED_POLICY'));
    }
  });

  test('any text is a policy or a TlogError', () => {
    const piece = fc.constantFrom(
      'quorum',
      'group',
      'witness',
      'log',
      'none',
      'x1',
      'any',
      ' ',
      '\n',
      '\t',
      key('x1'),
    );
    const pieces = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' }), fc.uint8Array()), (input) => {
        try {
          const policy = parsePolicy(input);
          expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
