import { expect, test } from 'vitest';
import { createProgram } from '../program.js';
import { nearestCommands } from './nearest-commands.js';

test.each([
  ['watch', 'round watch'],
  ['tokn', 'coordinator token'],
  ['reprot', 'report'],
  ['TALLY', 'tally'],
])('%s may have been meant for %s', (word, command) => {
  expect(nearestCommands(createProgram({}), word)[0]).toBe(command);
});

test.each(['x', 'frobnicate', '', 'q'.repeat(100_000)])('%.10j is near to nothing', (word) => {
  expect(nearestCommands(createProgram({}), word)).toEqual([]);
});
