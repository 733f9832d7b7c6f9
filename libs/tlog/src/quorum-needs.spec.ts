import { expect, test } from 'vitest';
import { cosignerKeyId } from './cosignature.js';
import { quorumNeeds, requireForkSafe } from './quorum-needs.js';
import type { PolicyGroup, WitnessPolicy } from './witness-policy.js';

const group = (name: string, threshold: number, ...members: string[]): PolicyGroup => ({
  name,
  threshold,
  members,
});

function policyOf(count: number, groups: readonly PolicyGroup[], quorum: string): WitnessPolicy {
  const witnesses = Array.from({ length: count }, (_, at) => {
    const [name, publicKey] = [`w${at}`, new Uint8Array(32).fill(at)];
    return { name, key: { name, publicKey, keyId: cosignerKeyId(name, publicKey) } };
  });
  return { logs: [], witnesses, groups, quorum };
}

test.each<[string, WitnessPolicy, { least: number; of: number }]>([
  ['nobody', policyOf(3, [], 'none'), { least: 0, of: 0 }],
  ['one witness', policyOf(3, [], 'w1'), { least: 1, of: 1 }],
  ['three of four', policyOf(4, [group('g', 3, 'w0', 'w1', 'w2', 'w3')], 'g'), { least: 3, of: 4 }],
  [
    'one of two groups, by the smaller one',
    policyOf(
      5,
      [group('a', 2, 'w0', 'w1'), group('b', 3, 'w2', 'w3', 'w4'), group('q', 1, 'a', 'b')],
      'q',
    ),
    { least: 2, of: 5 },
  ],
  [
    'both of two groups, and a witness besides',
    policyOf(
      5,
      [group('a', 1, 'w0', 'w1'), group('b', 2, 'w2', 'w3'), group('q', 3, 'a', 'b', 'w4')],
      'q',
    ),
    { least: 4, of: 5 },
  ],
  [
    'a group beside which others are idle',
    policyOf(9, [group('g', 2, 'w0', 'w1')], 'g'),
    { least: 2, of: 2 },
  ],
])('the quorum of %s', (_, policy, needs) => {
  expect(quorumNeeds(policy)).toEqual(needs);
});

const ofFour = (threshold: number): WitnessPolicy =>
  policyOf(4, [group('g', threshold, 'w0', 'w1', 'w2', 'w3')], 'g');

test.each<[string, WitnessPolicy, string]>([
  ['names nobody', policyOf(3, [], 'none'), 'its quorum names no witness'],
  ['leaves somebody out', policyOf(2, [], 'w1'), 'its quorum counts 1 of 2 witnesses'],
  ['two forks could both have', ofFour(2), 'is reached by 2 of 4 witnesses: with fewer than 3'],
])('a quorum that %s is refused where forks must not pass', (_, policy, why) => {
  expect(() => {
    requireForkSafe(policy);
  }).toThrow(why);
});

test('three of four keep two forks apart', () => {
  expect(() => {
    requireForkSafe(ofFour(3));
  }).not.toThrow();
});
