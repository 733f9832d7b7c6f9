import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import { EnvironmentFile } from './environment.js';
import { PolicyFile } from './policy.js';
import { RosterFile } from './roster.js';
import { RoundFile } from './round.js';

const publicKey = toBase64(new Uint8Array(32).fill(1));
const rosterOf = (operator: object): unknown => ({ operators: [operator] });
const isRoster = (value: unknown): boolean => RosterFile.safeParse(value).success;

describe('a roster file', () => {
  test.each<[string, unknown]>([
    ['with a key alone', rosterOf({ operator: 'alice', builders: [{ publicKey }] })],
    [
      'with a name and ids',
      rosterOf({
        operator: 'alice',
        name: 'Älice & Co',
        builders: [{ builder: 'aaaaa-cai', publicKey }],
      }),
    ],
    ['with nobody', { operators: [] }],
  ])('%s is taken', (_what, roster) => {
    expect(isRoster(roster)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['with a field misspelt', rosterOf({ operator: 'alice', builder: [{ publicKey }] })],
    ['with an unknown field', { operators: [], version: 1 }],
    [
      'with an unknown field of a builder',
      rosterOf({ operator: 'a', builders: [{ publicKey, weight: 2 }] }),
    ],
    ['with an operator without builders', rosterOf({ operator: 'alice', builders: [] })],
    ['with an operator that is no id', rosterOf({ operator: 'Alice', builders: [{ publicKey }] })],
    [
      'with escapes in a name',
      rosterOf({ operator: 'a', name: '\u001b[31m', builders: [{ publicKey }] }),
    ],
    ['with a key too short', rosterOf({ operator: 'alice', builders: [{ publicKey: 'AAAA' }] })],
    [
      'with a key too long',
      rosterOf({ operator: 'a', builders: [{ publicKey: 'A'.repeat(401) }] }),
    ],
    ['that is a list', []],
  ])('%s is refused', (_what, roster) => {
    expect(isRoster(roster)).toBe(false);
  });
});

describe('an environment file', () => {
  test('is any JSON object', () => {
    const file = { os: { name: 'Debian' }, cpus: 4, tags: ['a'], none: null };
    expect(EnvironmentFile.parse(file)).toEqual(file);
  });

  test.each([[], 'text', 7, null, true])('is not %j', (value) => {
    expect(EnvironmentFile.safeParse(value).success).toBe(false);
  });
});

test('a round file is one signed envelope', () => {
  const envelope = { payload: 'e30=', payloadType: 'x', signatures: [{ sig: 'c2ln' }] };
  expect(RoundFile.parse(envelope)).toEqual(envelope);
  expect(RoundFile.safeParse({ ...envelope, signatures: [] }).success).toBe(false);
});

describe('the threshold of a policy', () => {
  const policyOf = (threshold: unknown): unknown => ({
    ...{ log: ['vkey'], threshold },
    operators: ['alice', 'bob'].map((operator) => ({ operator, builders: [`${operator}-1`] })),
  });

  test.each([3, '3'])('is a count, as a number or as a text: %j', (threshold) => {
    expect(PolicyFile.parse(policyOf(threshold)).threshold).toBe('3');
  });

  test.each([0, -3, 2.5, 1_000_001, true, null])(
    'that is %j is refused, and told what is meant',
    (threshold) => {
      const { error } = PolicyFile.safeParse(policyOf(threshold));
      expect(error?.issues.map(({ message }) => message)).toEqual([
        'expected a count such as 3 or a fraction such as 2/3',
      ]);
    },
  );
});
