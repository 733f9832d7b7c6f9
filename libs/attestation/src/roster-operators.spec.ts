import { describe, expect, test } from 'vitest';
import { canonicalJson, toBase64 } from '#libs/encoding';
import { amendRoster } from './round-amend.js';
import { readRoundOpen, roundOpenStatement, type RosterEntry } from './round-open.js';
import { ALICE, BOB, ROUND_OPEN, sampleSigner } from './sample.fixture.js';
import type { Signer } from './signer.js';
import { parseStatement } from './statement.js';

const [ann, ben] = [sampleSigner(31), sampleSigner(32)];
const keyOf = ({ publicKey }: Signer): string => toBase64(publicKey);
const entry = (operator: string, builder: Signer, key?: Signer): RosterEntry => ({
  operator,
  ...(key !== undefined && { publicKey: keyOf(key) }),
  builders: [{ builder: builder.id, publicKey: keyOf(builder) }],
});
const read = (...roster: readonly RosterEntry[]): readonly RosterEntry[] => {
  const statement = roundOpenStatement({ ...ROUND_OPEN, roster: [...roster] });
  return readRoundOpen(parseStatement(Buffer.from(canonicalJson(statement)))).roster;
};
const refused = expect.objectContaining({ code: 'WRONG_OPERATOR' }) as unknown;

describe('an operator on a roster', () => {
  test('may be bound to a key of its own, which the evidence then names', () => {
    const roster = [entry('alice', ALICE, ann), entry('bob', BOB)];
    expect(read(...roster)).toEqual(roster);
  });

  test.each<[string, RosterEntry, RosterEntry]>([
    ['under two labels', entry('alice', ALICE, ann), entry('bob', BOB, ann)],
    ['with its own builder’s key', entry('alice', ALICE, ALICE), entry('bob', BOB)],
    ['with another’s builder’s key', entry('alice', ALICE), entry('bob', BOB, ALICE)],
  ])('%s is refused', (_what, one, other) => {
    expect(() => read(one, other)).toThrow(refused);
    expect(() => amendRoster([one], [other])).toThrow(refused);
  });

  test('keeps its key when builders are added to it', () => {
    const alice = entry('alice', ALICE, ann);
    const [merged] = amendRoster([alice], [entry('alice', BOB, ann)]);
    expect(merged).toMatchObject({ publicKey: keyOf(ann), builders: [{}, {}] });
    expect(() => amendRoster([alice], [entry('alice', BOB, ben)])).toThrow(refused);
    expect(() => amendRoster([alice], [entry('alice', BOB)])).toThrow(refused);
  });
});
