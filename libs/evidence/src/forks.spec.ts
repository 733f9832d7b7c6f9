import { describe, expect, test } from 'vitest';
import { commitStatement } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { audit, codesOf } from './audit.fixture.js';
import { fiveHands, HandRound, type Hand } from './bundle.fixture.js';
import { MemoryLog } from './log.fixture.js';

const hands = fiveHands();
const [alice, ...others] = hands;

/** The bundle of a round whose log is forked before its close; `seeing` are shown `ahead` entries of the fork. */
function forkedRound(seeing: readonly Hand[], ahead = 1): string {
  const round = new HandRound(new MemoryLog(), hands);
  for (const hand of hands) round.commit(hand);
  const fork = round.log.fork();
  round.close();
  for (let at = 0; at < ahead; at += 1) {
    const commitment = sha256(String(at));
    fork.append('commit', commitStatement({ round: round.round, builder: 'aaaaa-aa', commitment }));
  }
  const forkedNote = fork.note();
  for (const hand of hands) {
    round.reveal(hand, seeing.includes(hand) ? forkedNote : round.log.note());
  }
  round.decide();
  return round.bundle();
}

describe('a coordinator', () => {
  test('that forks the log for one builder is caught by what this builder saw', async () => {
    const found = await audit(forkedRound([alice!]));
    expect(found.outcome).toBe('bad-evidence');
    expect(codesOf(found)).toContain('log-inconsistent');
  });

  test('that forks the log for several is caught by each of them, whatever others saw before', async () => {
    const { findings } = await audit(forkedRound(others));
    const caught = findings.filter(({ code }) => code === 'log-inconsistent');
    expect(caught).toHaveLength(others.length);
    for (const { signer } of others) {
      expect(caught.some(({ message }) => message.includes(signer.id))).toBe(true);
    }
  });

  test('that shows one builder a tree which never came to be is caught', async () => {
    const found = await audit(forkedRound([alice!], 30));
    expect(found.outcome).toBe('bad-evidence');
    expect(codesOf(found)).toContain('log-forked');
  });
});
