import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { formatCosignerVkey, formatVkey, parsePolicy, type PolicyLog } from '#libs/tlog';
import { parseWitnessSet } from './witness-set.js';

const origin = 'log.example/ic';
const { publicKey } = createSigner(new Uint8Array(32).fill(1));
const other = createSigner(new Uint8Array(32).fill(2)).publicKey;
const vkeyOf = (seed: number, name: string): string =>
  formatCosignerVkey(name, createSigner(new Uint8Array(32).fill(seed)).publicKey);
const log = `log ${formatVkey(origin, publicKey)}`;
const witnesses = [
  `witness a ${vkeyOf(11, 'witness.example/a')} https://witness.example/a`,
  `witness b ${vkeyOf(12, 'builder-b')}`,
  `witness c ${vkeyOf(13, 'builder-c')}`,
];
const read = (...lines: readonly string[]): unknown =>
  parseWitnessSet(`${lines.join('\n')}\n`, { origin, publicKey });

test('a policy that suffices is taken, and written down in one spelling', () => {
  const set = read('# ours', log, ...witnesses, 'group  g all a b c', 'quorum g');
  expect(set).toMatchObject({ policy: { quorum: 'g' } });
  const { text } = set as { text: string };
  expect(text.split('\n').slice(-3)).toEqual(['group g 3 a b c', 'quorum g', '']);
  expect(parsePolicy(text)).toMatchObject({ quorum: 'g' });
});

test.each<[string, readonly string[], RegExp]>([
  ['no log', [...witnesses, 'quorum a'], /no log line/],
  [
    'another key of this log',
    [`log ${formatVkey(origin, other)}`, ...witnesses, 'quorum a'],
    /no log line/,
  ],
  [
    'another log alone',
    [`log ${formatVkey('b.example', other)}`, ...witnesses, 'quorum a'],
    /no log line/,
  ],
  ['two of three', [log, ...witnesses, 'group g 2 a b c', 'quorum g'], /2 of 3/],
  [
    'ways with one witness in each',
    [log, ...witnesses, 'group g 1 a b', 'group q 1 g c', 'quorum q'],
    /1 of 3/,
  ],
  [
    'one that nobody counts',
    [log, ...witnesses, 'group g all a b', 'quorum g'],
    /2 of 3 witnesses: take/,
  ],
  ['no witness', [log, ...witnesses, 'quorum none'], /names no witness/],
  [
    'a witness that nobody can ask',
    [log, `witness x ${vkeyOf(14, 'witness.example/x')}`, 'quorum x'],
    /no URL/,
  ],
  [
    'a URL that is none',
    [log, `witness x ${vkeyOf(14, 'b')} ftp://witness.example`, 'quorum x'],
    /no http/,
  ],
  [
    'a name without end',
    [log, `witness x ${vkeyOf(14, 'b'.repeat(300))}`, 'quorum x'],
    /300 characters/,
  ],
])('a policy with %s is refused, with what to do', (_, lines, reason) => {
  expect(() => read(...lines)).toThrow(reason);
});

test('more witnesses than a message has room for are refused', () => {
  const many = Array.from({ length: 65 }, (_, at) => `witness w${at} ${vkeyOf(50 + at, `b${at}`)}`);
  expect(() => read(log, ...many, 'quorum w0')).toThrow(/at most 64/);
});

test('the example in the documentation is taken', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/files.md'), 'utf8');
  const [, text = ''] = /```text witnesses\n([^]*?)```/.exec(page) ?? [];
  const [{ key }] = parsePolicy(text).logs as [PolicyLog];
  const set = parseWitnessSet(text, { origin: key.name, publicKey: key.publicKey });
  expect(set.text).toBe(text);
  expect(set.policy.witnesses).toHaveLength(4);
});
