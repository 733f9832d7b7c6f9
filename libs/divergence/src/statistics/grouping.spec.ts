import { describe, expect, it } from 'vitest';
import type { SeparatorGroup } from '../explanation.js';
import { groupsThatHold } from './grouping.js';

const GROUP: SeparatorGroup = {
  ...{ facts: [], pValue: 1e-5, correctedP: 0.001, isPerfect: true, trivial: false },
  ...{ missing: 0, rounds: 1 },
};

describe('groupsThatHold', () => {
  it('asks for a corrected p of at most 0.01', () => {
    const [held, not] = [0.01, 0.0101].map((correctedP) => ({ ...GROUP, correctedP }));
    expect(groupsThatHold([held!, not!])).toEqual([held]);
  });

  it('lets nothing that parts imperfectly stand beside what parts perfectly', () => {
    const imperfect = { ...GROUP, isPerfect: false };
    expect(groupsThatHold([GROUP, imperfect])).toEqual([GROUP]);
    expect(groupsThatHold([imperfect])).toEqual([imperfect]);
  });

  it('keeps what more builders have told', () => {
    const [gappy, imperfect] = [
      { ...GROUP, missing: 3 },
      { ...GROUP, isPerfect: false },
    ];
    expect(groupsThatHold([gappy, imperfect])).toEqual([gappy, imperfect]);
  });
});
