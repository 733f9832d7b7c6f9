import { describe, expect, test } from 'vitest';
import {
  commitStatement,
  resultStatement,
  roundCloseStatement,
  signStatement,
} from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { fiveHands, goodRound, HandRound, resultOf } from './bundle.fixture.js';
import { countReplay } from './count-replay.js';
import { COORDINATOR, MemoryLog, ORIGIN, quickSigner } from './log.fixture.js';
import { isVerdictTrue } from './recompute-verdict.js';

const codes = (round: HandRound): string[] => round.answer().findings.map(({ code }) => code);

function started(): HandRound {
  return new HandRound(new MemoryLog(), fiveHands());
}

describe('a round in which all goes well', () => {
  const round = goodRound();
  const replay = round.replay();

  test('gives no finding, and everybody’s result counts', () => {
    expect(replay.findings).toEqual([]);
    expect(replay.state.phase).toBe('final');
    expect(replay.results.size).toBe(5);
    expect(replay.countersignatures.size).toBe(5);
  });

  test('has the verdict that was signed', () => {
    expect(isVerdictTrue(replay, ORIGIN, COORDINATOR.publicKey)).toBe(true);
    const [guestos] = countReplay(replay, ORIGIN);
    expect(guestos).toMatchObject({ verdict: 'reproduced', flags: [], needed: 3 });
  });
});

describe('what the log of a round must not hold', () => {
  const [alice, bob, , , erin] = fiveHands();
  const stranger = { operator: 'mallory', signer: quickSigner(77), variant: 'good' };

  test.each<[what: string, code: string, play: (round: HandRound) => void]>([
    [
      'a commit by a stranger',
      'stranger',
      (round) => {
        round.commit(stranger);
      },
    ],
    [
      'a second commit',
      'commit-repeated',
      (round) => {
        round.commit(alice!);
        round.commit({ ...alice!, variant: 'other' });
      },
    ],
    [
      'a commit under another builder’s name',
      'signed-as-another',
      (round) => {
        const commit = { round: round.round, builder: bob!.signer.id, commitment: sha256('x') };
        round.log.append('commit', commitStatement(commit), alice!.signer);
      },
    ],
    [
      'a decline by a stranger',
      'stranger',
      (round) => {
        round.decline(stranger);
      },
    ],
    [
      'a decline after the commit that it would take back',
      'decline-unsound',
      (round) => {
        round.commit(alice!);
        round.decline(alice!);
      },
    ],
    [
      'a second decline',
      'decline-unsound',
      (round) => {
        round.decline(alice!);
        round.decline(alice!);
      },
    ],
    [
      'a decline after the close',
      'decline-unsound',
      (round) => {
        round.close();
        round.decline(alice!);
      },
    ],
    [
      'a result before the close',
      'result-before-close',
      (round) => {
        round.commit(alice!);
        round.reveal(alice!, null);
      },
    ],
    [
      'a second close',
      'closed-twice',
      (round) => {
        round.close();
        round.close();
      },
    ],
    [
      'a second verdict',
      'verdict-repeated',
      (round) => {
        round.play();
        round.decide();
      },
    ],
    [
      'a verdict before the close',
      'verdict-before-close',
      (round) => {
        round.decide();
      },
    ],
    [
      'another result than was committed to',
      'result-uncommitted',
      (round) => {
        round.commit(alice!);
        round.close();
        const other = resultStatement(resultOf({ ...alice!, variant: 'other' }, round.round));
        round.results.set(alice!.signer.id, signStatement(other, alice!.signer));
        round.reveal(alice!, null);
      },
    ],
    [
      'a result shown twice',
      'result-repeated',
      (round) => {
        round.commit(alice!);
        round.close();
        round.reveal(alice!, null);
        round.reveal(alice!, null);
      },
    ],
    [
      'a builder invited after the close',
      'amend-unsound',
      (round) => {
        round.close();
        round.amend([stranger]);
      },
    ],
    [
      'a builder invited twice',
      'amend-unsound',
      (round) => {
        round.amend([erin!]);
      },
    ],
    [
      'a close that the coordinator did not sign',
      'not-the-coordinator',
      (round) => {
        const close = { round: round.round, closedAt: '2026-01-02T06:00:00.000Z' };
        const statement = roundCloseStatement({ ...close, reason: 'requested' });
        round.log.append('round-close', statement, alice!.signer);
      },
    ],
  ])('%s is a finding, and changes nothing', (_what, code, play) => {
    const round = started();
    play(round);
    expect(codes(round)).toContain(code);
  });

  test('a commit that another had made is seen, and cannot be opened by whoever copied it', () => {
    const round = started();
    round.commit(alice!);
    const commitment = round.replay().state.commits.get(alice!.signer.id)!;
    const copy = { round: round.round, builder: bob!.signer.id, commitment };
    round.log.append('commit', commitStatement(copy), bob!.signer);
    round.close();
    // Its own key under the very bytes that were promised: they name Alice.
    const stolen = resultStatement(resultOf(alice!, round.round));
    round.results.set(bob!.signer.id, signStatement(stolen, bob!.signer));
    round.reveal(bob!, null);
    expect(codes(round)).toEqual(['commit-copied', 'signed-as-another']);
    expect(round.replay().results.size).toBe(0);
  });
});

describe('what comes after the verdict changes nothing in it', () => {
  /** All but Erin commit; Dave stays silent, and Carol says nothing of what she saw. */
  function decided(): HandRound {
    const round = started();
    const [alice, bob, carol, dave] = round.hands;
    for (const hand of [alice!, bob!, carol!, dave!]) round.commit(hand);
    round.close();
    for (const hand of [alice!, bob!]) round.reveal(hand);
    round.reveal(carol!, null);
    round.decide();
    return round;
  }

  test.each<[what: string, codes: readonly string[], play: (round: HandRound) => void]>([
    [
      'a first commit',
      ['commit-late'],
      (round) => {
        round.commit(round.hands[4]!);
      },
    ],
    [
      'a first commit that is opened',
      ['commit-late', 'result-late', 'reveal-unsound'],
      (round) => {
        round.commit(round.hands[4]!);
        round.reveal(round.hands[4]!);
      },
    ],
    [
      'a first commit and another one',
      ['commit-late', 'commit-repeated'],
      (round) => {
        round.commit(round.hands[4]!);
        round.commit({ ...round.hands[4]!, variant: 'other' });
      },
    ],
    [
      'a first commit and a result that it does not promise',
      ['commit-late', 'result-uncommitted'],
      (round) => {
        const erin = round.hands[4]!;
        round.commit(erin);
        const other = resultStatement(resultOf({ ...erin, variant: 'other' }, round.round));
        round.results.set(erin.signer.id, signStatement(other, erin.signer));
        round.reveal(erin, null);
      },
    ],
    [
      'another commit of somebody who had committed',
      ['commit-repeated'],
      (round) => {
        round.commit({ ...round.hands[3]!, variant: 'other' });
      },
    ],
    [
      'the result of a commit that was never opened',
      ['result-late'],
      (round) => {
        round.reveal(round.hands[3]!);
      },
    ],
    [
      'a witnessed word on a result that was shown without one',
      [],
      (round) => {
        round.tell(round.hands[2]!, round.log.note());
      },
    ],
  ])('%s', (_what, found, play) => {
    const round = decided();
    const before = round.replay();
    play(round);
    const replay = round.replay();
    expect(codes(round)).toEqual(found);
    expect(replay.state).toEqual(before.state);
    expect(countReplay(replay, ORIGIN)).toEqual(countReplay(before, ORIGIN));
    expect(isVerdictTrue(replay, ORIGIN, COORDINATOR.publicKey)).toBe(true);
  });

  test('while a commit before it stays late, whatever its builder says later', () => {
    const round = started();
    const [alice, bob, carol, dave, erin] = round.hands;
    for (const hand of [alice!, bob!, carol!]) round.commit(hand);
    round.close();
    round.commit(dave!);
    for (const hand of [alice!, bob!, carol!]) round.reveal(hand);
    round.decide();
    round.commit(erin!);
    round.reveal(dave!, null);
    const [guestos] = countReplay(round.replay(), ORIGIN);
    expect(guestos).toMatchObject({ verdict: 'reproduced', flags: ['late'] });
    expect(guestos?.late).toEqual([{ operator: 'dave', builder: dave!.signer.id }]);
    expect(guestos?.missing).toEqual([{ operator: 'erin', builder: erin!.signer.id }]);
    expect(isVerdictTrue(round.replay(), ORIGIN, COORDINATOR.publicKey)).toBe(true);
  });
});

describe('what may happen in an honest round', () => {
  test('a commit after the close is late, and its result counts for nothing', () => {
    const round = started();
    const [alice, bob, carol, dave, erin] = round.hands;
    for (const hand of [alice!, bob!, carol!, dave!]) round.commit(hand);
    round.close();
    round.commit(erin!);
    for (const hand of round.hands) round.reveal(hand);
    round.decide();
    const replay = round.replay();
    expect(codes(round)).toEqual(['commit-late', 'result-late', 'reveal-unsound']);
    const [guestos] = countReplay(replay, ORIGIN);
    expect(guestos).toMatchObject({ verdict: 'reproduced', flags: ['late'] });
    expect(guestos?.late).toEqual([{ operator: 'erin', builder: erin!.signer.id }]);
  });

  test('a commit that is never opened is unrevealed', () => {
    const round = started();
    for (const hand of round.hands) round.commit(hand);
    round.close();
    for (const hand of round.hands.slice(1)) round.reveal(hand);
    round.decide();
    const [guestos] = countReplay(round.replay(), ORIGIN);
    expect(guestos).toMatchObject({ verdict: 'reproduced', flags: ['unrevealed'] });
  });

  test('a builder that is added before the close counts, and the threshold is of all', () => {
    const round = started();
    const added = { operator: 'frank', signer: quickSigner(50), variant: 'good' };
    round.amend([added]);
    for (const hand of [...round.hands, added]) round.commit(hand);
    round.close();
    for (const hand of [...round.hands, added]) round.reveal(hand);
    round.decide();
    const [guestos] = countReplay(round.replay(), ORIGIN);
    expect(codes(round)).toEqual([]);
    expect(guestos).toMatchObject({ verdict: 'reproduced', needed: 4 });
    expect(guestos?.clusters[0]?.operators).toContain('frank');
  });

  test.each<[string, number | null]>([
    ['a builder that says nothing of what it saw', null],
    ['a checkpoint with too few witnesses', 2],
  ])('%s leaves the round weakly witnessed', (_what, count) => {
    const round = started();
    for (const hand of round.hands) round.commit(hand);
    round.close();
    const weak = count === null ? null : round.log.note(count);
    for (const [at, hand] of round.hands.entries()) {
      if (at === 0) round.reveal(hand, weak);
      else round.reveal(hand);
    }
    round.decide();
    expect(countReplay(round.replay(), ORIGIN)[0]?.flags).toEqual(['weakly-witnessed']);
  });

  test('a round without witnesses is not called weak', () => {
    const round = new HandRound(new MemoryLog(), fiveHands(), { witnessing: null });
    for (const hand of round.hands) round.commit(hand);
    round.close();
    for (const hand of round.hands) round.reveal(hand, null);
    round.decide();
    expect(countReplay(round.replay(), ORIGIN)[0]?.flags).toEqual([]);
  });

  test('another round on the release makes both repeated; one that opens after the verdict, none', () => {
    const log = new MemoryLog();
    const first = new HandRound(log, fiveHands());
    const second = new HandRound(log, fiveHands(), { threshold: '4' });
    first.play();
    expect(first.replay().others).toEqual([{ round: second.round, index: 1 }]);
    expect(countReplay(first.replay(), ORIGIN)[0]?.flags).toEqual(['repeated']);
    const alone = goodRound();
    new HandRound(alone.log, fiveHands(), { threshold: '4' });
    expect(countReplay(alone.replay(), ORIGIN)[0]?.flags).toEqual([]);
  });
});

test('a log without the round is one finding', () => {
  expect(goodRound().answer().open).not.toBeNull();
  const empty = Object.assign(started(), { round: sha256('another') });
  expect(codes(empty)).toEqual(['round-missing']);
});
