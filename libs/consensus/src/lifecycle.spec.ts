import { describe, expect, test } from 'vitest';
import { LIFECYCLE, advance, type RoundEvent } from './lifecycle.js';
import type { Phase } from './verdict.js';

/** Every cell of a blind round, said once more: phase, event, then phase after it and effect. */
const CELLS: readonly [Phase, RoundEvent, string][] = [
  ['open', 'amend', 'open counts'],
  ['open', 'decline', 'open counts'],
  ['open', 'commit', 'open counts'],
  ['open', 'close', 'revealing counts'],
  ['open', 'reveal', 'refused'],
  ['open', 'verdict', 'refused'],
  ['revealing', 'amend', 'refused'],
  ['revealing', 'decline', 'refused'],
  ['revealing', 'commit', 'revealing late'],
  ['revealing', 'close', 'refused'],
  ['revealing', 'reveal', 'revealing counts'],
  ['revealing', 'verdict', 'final counts'],
  ['final', 'amend', 'refused'],
  ['final', 'decline', 'refused'],
  ['final', 'commit', 'final uncounted'],
  ['final', 'close', 'refused'],
  ['final', 'reveal', 'final uncounted'],
  ['final', 'verdict', 'refused'],
];

describe('the life of a round', () => {
  test.each(CELLS)('%s + %s: %s', (phase, event, said) => {
    if (said === 'refused') {
      expect(() => advance(phase, event)).toThrow(
        expect.objectContaining({ code: 'FORBIDDEN_TRANSITION' }),
      );
    } else {
      const { to, effect } = advance(phase, event);
      expect(`${to} ${effect}`).toBe(said);
    }
  });

  test.each(CELLS)(
    'without blindness: %s + %s differs for reveals before the close alone',
    (...cell) => {
      const [phase, event, said] = cell;
      const isEarly = phase === 'open' && event === 'reveal';
      if (said === 'refused' && !isEarly) {
        expect(() => advance(phase, event, false)).toThrow(
          expect.objectContaining({ code: 'FORBIDDEN_TRANSITION' }),
        );
      } else {
        const { to, effect } = advance(phase, event, false);
        expect(`${to} ${effect}`).toBe(isEarly ? 'open counts' : said);
      }
    },
  );

  test('has no other cell', () => {
    const cells = Object.entries(LIFECYCLE).flatMap(([phase, row]) =>
      Object.keys(row).map((event) => `${phase} ${event}`),
    );
    expect(cells.toSorted()).toEqual(CELLS.map(([phase, event]) => `${phase} ${event}`).toSorted());
  });

  test('never goes back', () => {
    const order: readonly Phase[] = ['open', 'revealing', 'final'];
    for (const [phase, event] of CELLS) {
      const to = LIFECYCLE[phase][event]?.to ?? phase;
      expect(order.indexOf(to)).toBeGreaterThanOrEqual(order.indexOf(phase));
    }
  });
});
