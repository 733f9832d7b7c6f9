import { describe, expect, test } from 'vitest';
import { compareUrgency, Urgency } from './urgency.js';

const by = (day: number): string => `2026-01-0${day}T00:00:00.000Z`;
const QUEUE: readonly (Urgency | undefined)[] = [
  { class: 'vote', by: by(2) },
  { class: 'vote', by: by(9) },
  { class: 'release', by: by(1) },
  undefined,
  { class: 'experiment', by: by(1) },
  { class: 'calibration', by: by(1) },
];

describe('what is to be built first', () => {
  test('is what a vote waits for, of several the one that ends first; a calibration is last', () => {
    for (const turn of QUEUE.keys()) {
      const mixed = [...QUEUE.slice(turn), ...QUEUE.slice(0, turn)];
      // Sorting puts undefined last whatever the order is.
      const sorted = mixed
        .map((urgency) => ({ urgency }))
        .toSorted((a, b) => {
          return compareUrgency(a.urgency, b.urgency);
        });
      expect(sorted.map(({ urgency }) => urgency)).toEqual(QUEUE);
    }
  });

  test('is no matter between what says nothing', () => {
    expect(compareUrgency(undefined, undefined)).toBe(0);
  });

  test.each([{ class: 'now', by: by(1) }, { class: 'vote', by: 'soon' }, { class: 'vote' }])(
    'is not told by %j',
    (urgency) => {
      expect(Urgency.safeParse(urgency).success).toBe(false);
    },
  );
});
