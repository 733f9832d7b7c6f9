import { describe, expect, test } from 'vitest';
import { diffRows } from './unified-diff.js';

describe('a unified diff read as two sides', () => {
  test('puts lines that took each other’s place beside each other', () => {
    const diff = '--- left\n+++ right\n@@ -1,3 +1,3 @@\n a\n-b 1\n-c\n+b 2\n d\n';
    expect(diffRows(diff, 100)).toEqual([
      { kind: 'place', left: '@@ -1,3 +1,3 @@', right: '@@ -1,3 +1,3 @@' },
      { kind: 'same', left: 'a', right: 'a' },
      { kind: 'changed', left: 'b 1', right: 'b 2' },
      { kind: 'left', left: 'c', right: null },
      { kind: 'same', left: 'd', right: 'd' },
    ]);
  });

  test('keeps a line that begins with more signs', () => {
    expect(diffRows('@@ @@\n--- x\n+++ y', 100).slice(1)).toEqual([
      { kind: 'changed', left: '-- x', right: '++ y' },
    ]);
  });

  test('loses nothing of what is no diff', () => {
    expect(diffRows('one\n\ntwo', 100).map(({ left }) => left)).toEqual(['one', '', 'two']);
  });

  test('is never longer than asked for', () => {
    expect(diffRows('+x\n'.repeat(10_000), 50)).toHaveLength(50);
  });
});
