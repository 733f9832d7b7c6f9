import { expect, test } from 'vitest';
import { roundIdOf, roundOpenStatement, signStatement, unverifiedPayload } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { makeRelease, makeRound, makeSigner } from '#libs/testing';
import { joinRound } from './round.js';

const [first, second, stranger] = [makeSigner(1), makeSigner(2), makeSigner(3)];
const release = makeRelease();
const rotated = { builder: first.id, publicKey: toBase64(second.publicKey), keyIndex: 7 };
const { open } = makeRound([{ operator: 'ann', builders: [rotated] }], { release });
const file = signStatement(roundOpenStatement(open), makeSigner(255));

test('a builder whose key was rotated joins under the id of its first key', () => {
  expect(joinRound('round.json', file, release, second)).toEqual({
    round: roundIdOf(unverifiedPayload(file)),
    builder: first.id,
  });
});

test.each([
  ['it had before', first],
  ['of somebody else', stranger],
])('the key %s does not join', (_which, signer) => {
  expect(() => joinRound('round.json', file, release, signer)).toThrow('does not invite builder');
});
