import { describe, expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { changesBetween, withLog, withProgress, type LiveRound } from './live-round.js';
import { tailText } from './log-tails.js';

const final = seedSplit();
const round = final.round?.round ?? '';
const first = final.builders[0]?.builder ?? '';

function inPhase(phase: 'open' | 'final', state: 'waiting' | 'committed' | 'built'): Report {
  const { round: told } = final;
  return {
    ...final,
    round: told === null ? null : { ...told, phase },
    builders: final.builders.map((one) => ({ ...one, state })),
  };
}

const live: LiveRound = {
  report: inPhase('open', 'waiting'),
  explanation: null,
  entries: null,
  logs: null,
  groups: null,
  tails: new Map(),
  said: '',
};

describe('a round that goes on', () => {
  test('shows how far a builder says that it is', () => {
    const event = { kind: 'progress', round, builder: first, stage: 'build', percent: 40 } as const;
    const { report } = withProgress(live, event);
    expect(report.builders[0]).toMatchObject({ state: 'building', stage: 'build', percent: 40 });
    expect(report.builders[1]).toMatchObject({ state: 'waiting' });
  });

  test('never takes a commit back because a stage comes late', () => {
    const committed = { ...live, report: inPhase('open', 'committed') };
    const event = { kind: 'progress', round, builder: first, stage: 'build', percent: 40 } as const;
    expect(withProgress(committed, event).report.builders[0]?.state).toBe('committed');
  });

  test('keeps the log of a build, of invited builders alone', () => {
    const piece = { fromByte: 0, nextByte: 5, text: 'line\n' };
    const event = { kind: 'log', round, builder: first, ...piece } as const;
    expect(withLog(live, event).tails.get(first)).toEqual([piece]);
    expect(withLog(live, { ...event, builder: 'nobody' }).tails.size).toBe(0);
  });

  test('says what changed: the verdict first, then builders', () => {
    expect(changesBetween(inPhase('open', 'committed'), inPhase('final', 'built'))).toMatch(
      /^Proposal 138000: GuestOS.* alice: built\. bob: built\./,
    );
    expect(changesBetween(final, final)).toBe('');
  });

  test('a log obeys nothing: colours, controls and bidi are taken away', () => {
    expect(tailText('\u001b[31mred\u001b[0m \u202ex\r\nnext\u0007')).toBe('red x\nnext');
  });
});
