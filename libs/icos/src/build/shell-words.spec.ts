import { expect, test } from 'vitest';
import { readShellWords } from './shell-words.js';

test.each([
  ['build --a=b  --c', [['build', '--a=b', '--c']]],
  ['# build --a', [[]]],
  ['build --a # --b', [['build', '--a']]],
  ['build --a=b#c', [['build', '--a=b#c']]],
  ['build \'--a=b c\' --d="e # f"', [['build', '--a=b c', '--d=e # f']]],
  ['build --a=b\\ c', [['build', '--a=b c']]],
  ['build \\\n  --a\n--b', [['build', '--a'], ['--b']]],
  ["an open 'quote", [['an', 'open', 'quote']]],
  ['', [[]]],
])('%j is read as a shell reads it', (text, lines) => {
  expect(readShellWords(text)).toEqual(lines);
});

test('a long line without an end takes no time', () => {
  const started = performance.now();
  readShellWords(`${'"'.repeat(5_001)}${"'a".repeat(5_001)}${'\\'.repeat(5_001)}`);
  expect(performance.now() - started).toBeLessThan(1_000);
});
