import { expect, test } from 'vitest';
import { chooseDropped, chooseForRoom, type KeptFile } from './budget.js';

const file = (round: string, sizeBytes: number): KeptFile => ({
  ...{ round, sizeBytes },
  path: `${round}/${sizeBytes}`,
});
const FILES = [file('new', 5), file('new', 1), file('mid', 3), file('old', 2), file('old', 1)];
const dropped = (budgetBytes: number, ...inUse: string[]): string[] =>
  chooseDropped(FILES, budgetBytes, new Set(inUse)).map(({ path }) => path);

test.each<[string, number, string[]]>([
  ['everything fits: nothing goes', 12, []],
  ['one byte too few: of the oldest round what does not fit', 11, ['old/1']],
  ['the oldest go first', 9, ['old/2', 'old/1']],
  [
    'what is older than the first that does not fit goes, though it would fit',
    8,
    ['mid/3', 'old/2', 'old/1'],
  ],
  ['of a round, what fits stays beside what does not', 4, ['new/5', 'mid/3', 'old/2', 'old/1']],
  ['no budget keeps nothing', 0, ['new/5', 'new/1', 'mid/3', 'old/2', 'old/1']],
])('%s', (_what, budgetBytes, expected) => {
  expect(dropped(budgetBytes)).toEqual(expected);
});

test('a round that is being asked stays whatever its age, and others make room for it', () => {
  expect(dropped(9, 'old')).toEqual(['mid/3']);
  expect(dropped(0, 'old')).toEqual(['new/5', 'new/1', 'mid/3']);
});

test.each<[string, number, string[]]>([
  ['there is room: nothing goes', 0, []],
  ['less than nothing is missing: nothing goes', -5, []],
  ['the oldest go, and no more than it takes', 2, ['old/1', 'old/2']],
  ['of all that there is', 12, ['old/1', 'old/2', 'mid/3', 'new/1', 'new/5']],
  ['what would not be enough stays', 13, []],
])('room for a build: %s', (_what, missingBytes, expected) => {
  const gone = chooseForRoom(FILES, missingBytes, new Set());
  expect(gone.map(({ path }) => path)).toEqual(expected);
});

test('room for a build: what is being asked stays, though it is the oldest', () => {
  expect(chooseForRoom(FILES, 1, new Set(['old'])).map(({ path }) => path)).toEqual(['mid/3']);
});
