import { expect, test } from 'vitest';
import { wrap } from './wrap.js';

test.for([
  ['', 10, ['']],
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 3, ['one', 'two', 'three']],
  ['/a/path/longer/than/that is there', 10, ['/a/path/longer/than/that', 'is there']],
  ['[wsl2]\nmemory=16GB', 40, ['[wsl2]', 'memory=16GB']],
  ['a\u001b[2Jb\u202ec', 40, ['a [2Jb c']],
] as const)('%j in %s columns', ([text, width, lines]) => {
  expect(wrap(text, width)).toEqual(lines);
});
