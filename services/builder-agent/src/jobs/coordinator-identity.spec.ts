import { describe, expect, test } from 'vitest';
import {
  roundAmendStatement,
  roundCloseStatement,
  roundOpenStatement,
  signStatement,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { checkClose, coordinatorOf, readDispatch } from './coordinator-identity.js';

const [builder, neighbour, stranger] = [signerOf(1), signerOf(2), signerOf(9)];
const played = playCoordinator();
const other = playCoordinator(201);
const coordinator = played.coordinator;
const opened = played.open([builder, neighbour]);

const refused = (code: string): unknown => expect.objectContaining({ code }) as unknown;

describe('a coordinator', () => {
  test('is known by its pinned key, whatever white space a file ends in', () => {
    const pinned = coordinatorOf(`${played.vkey}\n`);
    expect(pinned.origin).toBe('spec.invalid/log');
    expect(pinned.publicKey).toEqual(played.signer.publicKey);
  });

  test('whose key text was altered is refused', () => {
    expect(() => coordinatorOf(played.vkey.replace('spec', 'evil'))).toThrow(
      refused('MALFORMED_KEY'),
    );
  });
});

describe('a dispatch', () => {
  test('of the pinned coordinator gives the round and what it asks', () => {
    expect(readDispatch(opened.envelope, coordinator, builder)).toEqual({
      round: opened.round,
      open: opened.open,
    });
  });

  test('of another coordinator is refused', () => {
    const theirs = other.open([builder]);
    expect(() => readDispatch(theirs.envelope, coordinator, builder)).toThrow(
      refused('BAD_SIGNATURE'),
    );
  });

  test('signed by an invited builder is refused', () => {
    const forged = signStatement(roundOpenStatement(opened.open), builder);
    expect(() => readDispatch(forged, coordinator, builder)).toThrow(refused('BAD_SIGNATURE'));
  });

  test('whose payload was altered after the signature is refused', () => {
    const payload = Buffer.from(opened.envelope.payload, 'base64').toString();
    const altered = toBase64(Buffer.from(payload.replace('"2/3"', '"1/3"')));
    expect(altered).not.toBe(opened.envelope.payload);
    const forged = { ...opened.envelope, payload: altered };
    expect(() => readDispatch(forged, coordinator, builder)).toThrow(refused('BAD_SIGNATURE'));
  });

  test('that does not invite this builder is refused', () => {
    expect(() => readDispatch(opened.envelope, coordinator, stranger)).toThrow(
      refused('WRONG_BUILDER'),
    );
  });

  test('that names this builder by the key of another is refused', () => {
    const [first] = opened.open.roster;
    const roster = [
      { operator: first?.operator ?? '', builders: [swap(builder.id, stranger.publicKey)] },
    ];
    const forged = played.open([builder], { roster });
    expect(() => readDispatch(forged.envelope, coordinator, builder)).toThrow(
      refused('WRONG_BUILDER'),
    );
  });

  test('that names its present key under an old id is for the builder of that id', () => {
    const roster = [
      {
        operator: 'acme',
        builders: [{ ...swap(builder.id, neighbour.publicKey), keyIndex: 7 }],
      },
    ];
    const { envelope, round } = played.open([builder], { roster });
    const rotated = { ...neighbour, id: builder.id };
    expect(readDispatch(envelope, coordinator, rotated).round).toBe(round);
    for (const other of [builder, neighbour]) {
      expect(() => readDispatch(envelope, coordinator, other)).toThrow(refused('WRONG_BUILDER'));
    }
  });

  test('that is another of the coordinator’s statements is refused', () => {
    expect(() => readDispatch(played.close(opened.round), coordinator, builder)).toThrow(
      refused('WRONG_KIND'),
    );
  });
});

describe('an amendment', () => {
  const added = [{ operator: 'late', builders: [swap(stranger.id, stranger.publicKey)] }];
  const amendedAt = '2026-09-10T03:30:00Z';
  const amend = (round: string, by = played.signer) =>
    signStatement(roundAmendStatement({ round, amendedAt, added }), by);
  const read = (...amends: readonly ReturnType<typeof amend>[]) =>
    readDispatch(opened.envelope, coordinator, stranger, amends);

  test('invites whom RoundOpen does not, and gives the roster with everybody on it', () => {
    const { round, open } = read(amend(opened.round));
    expect(round).toBe(opened.round);
    expect(open).toEqual({ ...opened.open, roster: [...opened.open.roster, ...added] });
  });

  test.each([
    ['of another coordinator', [amend(opened.round, other.signer)], 'BAD_SIGNATURE'],
    ['of another round', [amend(played.open([builder]).round)], 'WRONG_ROUND'],
    ['that comes twice', [amend(opened.round), amend(opened.round)], 'WRONG_BUILDER'],
    ['that is another statement', [opened.envelope], 'WRONG_KIND'],
  ])('%s is refused', (_, amends, code) => {
    expect(() => read(...amends)).toThrow(refused(code));
  });
});

describe('a close', () => {
  test('of the pinned coordinator and this round holds', () => {
    expect(() => {
      checkClose(played.close(opened.round), coordinator, opened.round);
    }).not.toThrow();
  });

  test.each([
    ['of another coordinator', other.close(opened.round), 'BAD_SIGNATURE'],
    ['of another round', played.close(played.open([builder]).round), 'WRONG_ROUND'],
    ['that is the dispatch again', opened.envelope, 'WRONG_KIND'],
  ])('%s is refused', (_, envelope, code) => {
    expect(() => {
      checkClose(envelope, coordinator, opened.round);
    }).toThrow(refused(code));
  });

  test('whose subject is another round than it tells is refused', () => {
    const close = { round: opened.round, closedAt: '2026-09-10T04:00:00Z', reason: 'deadline' };
    const statement = roundCloseStatement({ ...close, reason: 'deadline' });
    const subject = [{ name: 'round', digest: { sha256: '0'.repeat(64) } }];
    const forged = signStatement({ ...statement, subject }, played.signer);
    expect(() => {
      checkClose(forged, coordinator, opened.round);
    }).toThrow(refused('WRONG_ROUND'));
  });
});

function swap(id: string, publicKey: Uint8Array): { builder: string; publicKey: string } {
  return { builder: id, publicKey: toBase64(publicKey) };
}
