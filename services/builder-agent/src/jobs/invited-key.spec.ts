import { expect, test } from 'vitest';
import { playCoordinator, seatOf, signerOf } from '../round.fixture.js';
import { canSignFor, keyInRound } from './invited-key.js';

const [old, present, other] = [signerOf(1), signerOf(2), signerOf(3)];
const rotated = { id: old.id, publicKey: present.publicKey };
const { open } = playCoordinator().open([other, old]);

test('a builder signs for a round that invited it by the key that it has', () => {
  expect(keyInRound(open, old)).toEqual(old.publicKey);
  expect(canSignFor(open, old)).toBe(true);
});

test('after a rotation what it had signed is under its old key, and the new one can add nothing', () => {
  expect(keyInRound(open, rotated)).toEqual(old.publicKey);
  expect(canSignFor(open, rotated)).toBe(false);
});

test('in a round by its new key it signs as before', () => {
  const later = playCoordinator().open([], { roster: [seatOf(rotated)] }).open;
  expect(canSignFor(later, rotated)).toBe(true);
});
