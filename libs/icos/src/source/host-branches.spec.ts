import { asCommitId } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { readBranches } from './host-branches.js';

const [commit, other] = [asCommitId('a'.repeat(40)), asCommitId('b'.repeat(40))];
const lines = (...pairs: (readonly [string, string])[]) =>
  pairs.map((pair) => pair.join('\t')).join('\n');

describe('what a host says of its branches', () => {
  test('names those whose tip is the commit, and the main one', () => {
    const text = lines(
      ['ref: refs/heads/master', 'HEAD'],
      [other, 'HEAD'],
      [commit, 'refs/heads/rc--2024-02-02'],
      [commit, 'refs/heads/hotfix/x'],
      [other, 'refs/heads/master'],
    );
    expect(readBranches(text, commit)).toEqual({
      tips: ['hotfix/x', 'rc--2024-02-02'],
      main: 'master',
    });
  });

  test('may be nothing', () => {
    const nothing = { tips: [], main: null };
    expect(readBranches('', commit)).toEqual(nothing);
    expect(readBranches(lines([commit, 'HEAD'], [commit, 'refs/tags/v1']), commit)).toEqual(
      nothing,
    );
    expect(readBranches(lines(['ref: refs/tags/v1', 'HEAD']), commit)).toEqual(nothing);
  });

  test.each(['a\u202eb', 'a b', 'ü', '\u001b[2J', '', 'x'.repeat(201)])(
    'is not shown as %j',
    (name) => {
      const text = lines([commit, `refs/heads/${name}`], [`ref: refs/heads/${name}`, 'HEAD']);
      expect(readBranches(text, commit)).toEqual({ tips: [], main: null });
    },
  );

  test('is no longer than anybody reads', () => {
    const names = Array.from({ length: 99 }, (_, index) => `refs/heads/${index + 100}`);
    const { tips } = readBranches(lines(...names.map((name) => [commit, name] as const)), commit);
    expect(tips).toHaveLength(16);
    expect(tips[0]).toBe('100');
  });
});
