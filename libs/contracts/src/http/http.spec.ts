import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { nothingToBuild, seedSplit } from '../report/report.fixture.js';
import { OpenRound, OpenRoundAnswer, RoundList } from './http.js';

const commit = 'a'.repeat(40);
const experiment = {
  round: sha256('split'),
  artifact: 'guestos/update-img',
  builder: 'aaaaa-bbbbb-cai',
  change: null,
};
const isTaken = (request: unknown): boolean => OpenRound.safeParse(request).success;

describe('a request to open a round', () => {
  test.each([
    { proposal: '138000' },
    { commit },
    { experiment },
    { experiment: { ...experiment, change: { fact: 'time.zone', from: 'UTC', to: null } } },
    { commit, ask: { operators: 3 } },
    { commit, ask: { distinct: [{ fact: 'hypervisor', count: 2 }], each: { ramBytes: 1 } } },
    { proposal: '1', threshold: '2/3', deadlineSeconds: 60, builders: ['aaaaa-bbbbb-cai'] },
  ])('%j is taken', (request) => {
    expect(isTaken(request)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['neither a proposal nor a commit', {}],
    ['both', { proposal: '1', commit }],
    ['an experiment and a commit', { experiment, commit }],
    ['an experiment that others take part in', { experiment, builders: ['aaaaa-cai'] }],
    ['an experiment that asks for agreement', { experiment, threshold: '2' }],
    ['an experiment on nothing', { experiment: { ...experiment, round: 'x' } }],
    ['an ask for nothing', { commit, ask: {} }],
    ['an ask for no number of anything', { commit, ask: { each: { era: 'x' } } }],
    ['an ask for nobody', { commit, ask: { operators: 0 } }],
    ['an ask for what nobody knows', { commit, ask: { operators: 1, colour: 'red' } }],
    ['a condition of nothing', { commit, ask: { atLeast: [{ count: 1, where: {} }] } }],
    ['both an ask and names', { commit, ask: { operators: 1 }, builders: ['aaaaa-cai'] }],
    ['an experiment that asks for others', { experiment, ask: { operators: 1 } }],
    ['an unknown field', { proposal: '1', force: true }],
    ['a proposal as number', { proposal: 138000 }],
    ['a negative proposal', { proposal: '-1' }],
    ['a proposal of 21 digits', { proposal: '1'.repeat(21) }],
    ['an abbreviated commit', { commit: 'abc123' }],
    ['an upper-case commit', { commit: 'A'.repeat(40) }],
    ['an option as commit', { commit: '--upload-pack=touch /tmp/x' }],
    ['a commit with a line break', { commit: `${commit}\n` }],
    ['no time', { proposal: '1', deadlineSeconds: 0 }],
    ['too much time', { proposal: '1', deadlineSeconds: 30 * 86_400 + 1 }],
    ['nobody invited', { proposal: '1', builders: [] }],
    ['a builder that is no id', { proposal: '1', builders: ['a.b'] }],
    ['a threshold as number', { proposal: '1', threshold: 3 }],
  ])('with %s is refused', (_what, request) => {
    expect(isTaken(request)).toBe(false);
  });
});

describe('an answer', () => {
  test.each([
    { kind: 'opened', round: sha256('round') },
    { kind: 'nothing-to-build', report: nothingToBuild() },
    { kind: 'deployment', report: seedSplit() },
  ])('of kind $kind is read', (answer) => {
    expect(OpenRoundAnswer.parse(answer)).toEqual(answer);
  });

  test.each([{ kind: 'opened' }, { kind: 'opened', round: 'x' }, { kind: 'other' }, {}])(
    '%j is refused',
    (answer) => {
      expect(OpenRoundAnswer.safeParse(answer).success).toBe(false);
    },
  );

  test('with fields of a newer coordinator is read without them', () => {
    expect(RoundList.parse({ rounds: [], next: null, total: 7 })).toEqual({
      rounds: [],
      next: null,
    });
  });
});
