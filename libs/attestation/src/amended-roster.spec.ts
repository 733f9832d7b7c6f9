import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import { rosterOf } from './amended-roster.js';
import type { RosterEntry } from './round-open.js';
import { createSigner } from './signer.js';

const signers = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
const seat = (at: number): RosterEntry['builders'][number] => {
  const { id, publicKey } = signers[at]!;
  return { builder: id, publicKey: toBase64(publicKey) };
};
const entry = (operator: string, ...seats: readonly number[]): RosterEntry => ({
  operator,
  builders: seats.map(seat),
});
const open = { roster: [entry('acme', 0), entry('bits', 1)] };

describe('the roster of a round', () => {
  test('is what RoundOpen says where nothing was amended', () => {
    expect(rosterOf(open, [])).toEqual(open.roster);
  });

  test('has everybody who was ever invited, new builders with the operator they are of', () => {
    const amends = [{ added: [entry('coop', 2)] }, { added: [entry('acme', 3)] }];
    expect(rosterOf(open, amends)).toEqual([
      entry('acme', 0, 3),
      entry('bits', 1),
      entry('coop', 2),
    ]);
    expect(open.roster).toEqual([entry('acme', 0), entry('bits', 1)]);
  });

  test('has nobody twice, also not under another operator', () => {
    const refused = expect.objectContaining({ code: 'WRONG_BUILDER' }) as unknown;
    expect(() => rosterOf(open, [{ added: [entry('coop', 1)] }])).toThrow(refused);
    const twice = { added: [entry('coop', 2)] };
    expect(() => rosterOf(open, [twice, twice])).toThrow(refused);
  });
});
