import { describe, expect, test } from 'vitest';
import type { Attributes } from '#libs/manifest';
import type { Difference, DifferenceClass } from '../difference.js';
import { classify } from './classify.js';
import { fileAt } from './excerpt.fixture.js';

function classesOf(difference: Difference): DifferenceClass[] {
  return classify(difference).map((finding) => finding.class);
}

describe('attributes alone', () => {
  test.for<[Difference['kind'], Difference['aspects'], string, string, string, DifferenceClass]>([
    ['file', ['mode'], 'mode', '0644', '0600', 'mode-owner'],
    ['file', ['owner'], 'uid', '0', '1000', 'mode-owner'],
    ['file', ['time'], 'mtime', '1', '2', 'timestamp'],
    ['file', ['xattr'], 'xattr.security.selinux', 'root:object_r', 'user_u:object_r', 'xattr'],
    ['file', ['holes'], 'holes', 'a', 'b', 'hole-map'],
    ['directory', ['order'], 'order', 'sorted', 'b', 'ordering'],
    ['tar', ['order'], 'order', 'a', 'b', 'ordering'],
    ['ext4', ['header'], 'uuid', 'a', 'b', 'random-id'],
    ['ext4', ['header'], 'hash-seed', 'a', 'b', 'filesystem-header'],
    ['ext4', ['header'], 'features', 'a', 'b', 'filesystem-header'],
    ['ext4', ['header'], 'written', '1', '2', 'timestamp'],
    ['ext4', ['layout'], 'layout', 'a', 'b', 'layout'],
    ['ext4', ['rest'], 'rest', 'a', 'b', 'unknown'],
    ['gpt', ['header'], 'disk-guid', 'a', 'b', 'random-id'],
    ['gzip', ['time'], 'mtime', '1', '2', 'timestamp'],
    ['gzip', ['header'], 'xfl', '2', '4', 'compression'],
    ['zstd', ['content'], 'stream', 'a', 'b', 'compression'],
    ['file', ['content'], 'content', 'a', 'b', 'unknown'],
  ])('%s %s %s is %s', ([kind, aspects, name, left, right, expected]) => {
    const difference = { ...fileAt('x'), kind, aspects };
    expect(classesOf({ ...difference, left: { [name]: left }, right: { [name]: right } })).toEqual([
      expected,
    ]);
  });

  test('a node of one side alone is only in one', () => {
    const difference = fileAt('x', { aspects: ['presence'], right: null });
    expect(classify(difference)).toMatchObject([
      { class: 'only-in-one', detail: 'only on the left: a file' },
    ]);
  });

  test('a target is read as text', () => {
    const [left, right] = [{ target: '/usr/lib/x-1.2.3/y' }, { target: '/usr/lib/x-1.2.4/y' }];
    const difference = fileAt('x', { kind: 'symlink', aspects: ['target'], left, right });
    expect(classesOf(difference)).toEqual(['package-version']);
  });

  test('a directory that is a link on the other side is told as such', () => {
    const [left, right] = [{ kind: 'directory' }, { kind: 'symlink', target: 'y' }];
    const difference = fileAt('x', { kind: 'directory', aspects: ['kind', 'target'], left, right });
    expect(classify(difference)).toMatchObject([
      { class: 'unknown', detail: expect.stringContaining('not the same kind') as string },
    ]);
  });

  test('a pair of causes in one node gives two findings, each with its own attributes', () => {
    const left = { mode: '0644', mtime: 1, uuid: 'a' };
    const right = { mode: '0600', mtime: 2, uuid: 'b' };
    const findings = classify(fileAt('x', { aspects: ['mode', 'time', 'header'], left, right }));
    expect(
      findings.map(({ class: kind, difference }) => [kind, difference.aspects, difference.left]),
    ).toEqual([
      ['mode-owner', ['mode'], { mode: '0644' }],
      ['timestamp', ['time'], { mtime: 1 }],
      ['random-id', ['header'], { uuid: 'a' }],
    ]);
  });

  test('times that neither build can have left are told apart from those that one did', () => {
    const at = Date.UTC(2026, 10, 21) / 1000;
    const span = { from: at, to: at + 3600 };
    const context = { times: { left: span, right: span } };
    const seen = (left: Attributes, right: Attributes): unknown[] =>
      classify(fileAt('x', { aspects: ['time'], left, right }), [], context).map(
        ({ class: kind, difference }) => [kind, difference.left],
      );
    expect(seen({ mtime: 1_600_000_000 }, { mtime: 1_610_000_000 })).toEqual([
      ['unknown', { mtime: 1_600_000_000 }],
    ]);
    expect(seen({ mtime: at + 5 }, { mtime: `${at + 9}.000000001` })).toMatchObject([
      ['timestamp', { mtime: at + 5 }],
    ]);
    // A file may have no time of the build on one side.
    expect(seen({ mtime: 0 }, { mtime: at + 9 })).toMatchObject([['timestamp', { mtime: 0 }]]);
    expect(seen({ crtime: '2026-11-21T00:10:00+50' }, { crtime: '2026-11-21T00:12:00+0' })).toEqual(
      [['timestamp', { crtime: '2026-11-21T00:10:00+50' }]],
    );
    expect(seen({ ctime: at, mtime: 1 }, { ctime: at + 1, mtime: 2 })).toEqual([
      ['timestamp', { ctime: at }],
      ['unknown', { mtime: 1 }],
    ]);
  });

  test('shows nothing of a stranger unbounded', () => {
    const names = Array.from(
      { length: 256 },
      (_, index) => `xattr.user.${'y'.repeat(200)}${index}`,
    );
    const [left, right] = ['\u202e1', '2'].map((value) =>
      Object.fromEntries(names.map((name) => [name, value.repeat(999)])),
    );
    const [finding] = classify(fileAt('x', { aspects: ['xattr'], left: left!, right: right! }));
    expect(finding?.detail.length).toBeLessThanOrEqual(300);
    expect(finding?.detail).not.toContain('\u202e');
  });
});
