import { expect, test } from 'vitest';
import { formatVkey } from '#libs/tlog';
import { auditorOf } from './policy-of.js';
import { Refusal } from './refusal.js';

const vkey = formatVkey('log.example/quorum', new Uint8Array(32).fill(9));
const operators = ['alice', 'bob', 'carol'].map((operator) => ({ operator, builders: [operator] }));
const input = { vkey, operators, threshold: '2/3', witnesses: '', nnsRootKey: '', file: '' };

test('what was typed and chosen is the policy, and no more is asked', () => {
  const { policy, needed } = auditorOf({ ...input, vkey: ` ${vkey}\n` });
  expect(policy).toEqual({ log: [vkey], threshold: '2/3', operators });
  expect(needed).toBe(2);
});

test('a file of one’s own takes the place of everything else', () => {
  const file = `
log: ['${vkey}']
threshold: '2'
operators:
  - { operator: dan, builders: [d] }
  - { operator: erin, builders: [e] }
minTreeSize: 12
`;
  const { policy } = auditorOf({ ...input, vkey: '', file });
  expect(policy.operators.map(({ operator }) => operator)).toEqual(['dan', 'erin']);
  expect(policy.minTreeSize).toBe(12);
});

test.each([
  ['no key', { vkey: '' }, /not a verifier key/],
  ['another key’s id', { vkey: vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') }, /has id 00000000/],
  ['one operator', { operators: operators.slice(1, 2) }, /operators/],
  ['nobody twice', { operators: [...operators, ...operators] }, /twice/],
  ['a threshold that two digests reach', { threshold: '1' }, /at least 2/],
  ['witnesses that are none', { witnesses: 'quorum nobody' }, /nobody/],
  ['a root key that is none', { nnsRootKey: 'ab' }, /nnsRootKey/],
  ['a file that is no YAML', { file: 'log: [' }, /not YAML/],
  ['a rule that is misspelt', { file: 'logs: []' }, /logs/],
])('%s is refused in words, with what to do', (_what, over, words) => {
  const refused = (): unknown => auditorOf({ ...input, ...over });
  expect(refused).toThrow(Refusal);
  expect(refused).toThrow(words);
});
