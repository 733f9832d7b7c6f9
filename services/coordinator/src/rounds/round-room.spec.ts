import { describe, expect, test } from 'vitest';
import {
  createSigner,
  roundOpenStatement,
  signStatement,
  type RosterEntry,
  type RoundOpen,
} from '#libs/attestation';
import { DISPATCH_STREAM } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { largestVerdict } from '#libs/evidence';
import { releaseOf } from './release.js';
import { requireRoom } from './round-room.js';

const ORIGIN = 'log.example/spec';
const SIGNER = createSigner(new Uint8Array(32).fill(7));
const publicKey = toBase64(new Uint8Array(32));
const release = releaseOf('0d'.repeat(20), null);

/** As many builders, each of an operator of its own. */
function openTo(count: number): RoundOpen {
  const roster = Array.from({ length: count }, (_, at): RosterEntry => {
    const builder = `${at}`.padStart(63, 'b');
    return { operator: `${at}`.padStart(10, 'o'), publicKey, builders: [{ builder, publicKey }] };
  });
  return {
    openedAt: '2026-01-01T00:00:00.000Z',
    closesAt: '2026-01-02T00:00:00.000Z',
    ...{ revealSeconds: 3600, blind: true, threshold: '2/3', proposal: null, urls: [] },
    ...{ release, roster, nonce: publicKey },
  };
}

const invitationTo = (open: RoundOpen): object => ({
  roundOpen: signStatement(roundOpenStatement(open), SIGNER),
});

function problemOf(open: RoundOpen, invitation = invitationTo(open)): string | null {
  try {
    requireRoom(open, invitation, ORIGIN);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ status: 422, code: 'round-too-large' });
    return String(error);
  }
}

const fittingOf = (problem: string | null): number =>
  Number(/about (\d+) such builders fit/.exec(problem ?? '')?.[1]);

describe('a round', () => {
  test('may have as many builders as its refusal says, and not one more', () => {
    const fitting = fittingOf(problemOf(openTo(1_000)));
    expect(fitting).toBeGreaterThan(500);
    expect(fitting).toBeLessThan(650);
    expect(problemOf(openTo(fitting))).toBeNull();
    expect(fittingOf(problemOf(openTo(fitting + 1)))).toBe(fitting);
  });

  test('that just fits has a verdict that fits into every message that it is sent in', () => {
    const open = openTo(fittingOf(problemOf(openTo(1_000))));
    const verdict = signStatement(largestVerdict(open, ORIGIN), SIGNER);
    const header = `NATS/1.0\r\nNats-Msg-Id: ${sha256('body')}.16384\r\n\r\n`;
    for (const body of [
      { round: sha256('round'), verdict },
      { round: sha256('round'), envelope: verdict },
    ]) {
      const sizeBytes = header.length + Buffer.byteLength(JSON.stringify(body));
      expect(sizeBytes).toBeLessThanOrEqual(DISPATCH_STREAM.maxMessageBytes);
      expect(sizeBytes).toBeGreaterThan(0.99 * DISPATCH_STREAM.maxMessageBytes);
    }
  });

  test('is refused for its invitation alone, where nothing is asked that could make a verdict long', () => {
    const open = { ...openTo(3_500), release: { ...release, artifacts: [] } };
    const fitting = fittingOf(problemOf(open));
    expect(fitting).toBeLessThan(3_500);
    expect(problemOf({ ...open, roster: open.roster.slice(0, fitting) })).toBeNull();
  });

  test('is refused though no builder at all would fit', () => {
    expect(fittingOf(problemOf(openTo(1), { amends: 'x'.repeat(1_000_000) }))).toBe(0);
  });
});
