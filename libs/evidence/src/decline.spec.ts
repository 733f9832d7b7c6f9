import { describe, expect, test } from 'vitest';
import { fiveHands, HandRound } from './bundle.fixture.js';
import { countReplay } from './count-replay.js';
import { COORDINATOR, MemoryLog, ORIGIN } from './log.fixture.js';
import { isVerdictTrue } from './recompute-verdict.js';

const started = (): HandRound => new HandRound(new MemoryLog(), fiveHands());

describe('a round in which somebody declines', () => {
  const hands = fiveHands();
  const [alice, ...others] = hands;

  test('has the verdict that it had if he had said nothing, and no finding', () => {
    const [told, silent] = [started(), started()];
    told.decline(alice!);
    for (const round of [told, silent]) {
      for (const hand of others) round.commit(hand);
      round.close();
      for (const hand of others) round.reveal(hand);
      round.decide();
    }
    expect(told.replay().findings).toEqual([]);
    expect(isVerdictTrue(told.replay(), ORIGIN, COORDINATOR.publicKey)).toBe(true);
    expect(countReplay(told.replay(), ORIGIN)).toEqual(countReplay(silent.replay(), ORIGIN));
    expect([...told.replay().state.declined]).toEqual([alice!.signer.id]);
  });

  test('counts him where he commits after all', () => {
    const round = started();
    round.decline(alice!);
    round.commit(alice!);
    round.close();
    round.reveal(alice!);
    const { state, results } = round.replay();
    expect(state.declined.size).toBe(0);
    expect([...results.keys()]).toEqual([alice!.signer.id]);
  });
});
