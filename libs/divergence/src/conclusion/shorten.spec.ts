import { describe, expect, test } from 'vitest';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Finding } from '../difference.js';
import { comparedClusters } from './coverage.js';
import { shortenFindings } from './shorten.js';

function found(kind: Finding['class'], path: string): Finding {
  const difference = fileAt(path, { aspects: [kind === 'timestamp' ? 'time' : 'content'] });
  return { difference, class: kind, detail: 'x', seenFacts: [] };
}

describe('findings that are shortened', () => {
  const times = Array.from({ length: 400 }, (_, at) => found('timestamp', `usr/bin/${at}`));
  const another = found('unknown', 'usr/sbin/sshd');

  test('have one of each kind, wherever it stands', () => {
    const { findings, untold, unlisted } = shortenFindings([...times, another], 300);
    expect(findings).toHaveLength(300);
    expect(findings.at(-1)).toBe(another);
    expect([untold, unlisted]).toEqual([0, 101]);
  });

  test('are all there where they are few', () => {
    const few = times.slice(0, 300);
    expect(shortenFindings(few, 300)).toEqual({ findings: few, untold: 0, unlisted: 0 });
  });

  test('count as untold where not even one of their kind is kept', () => {
    const kinds = ['unknown', 'hostname', 'user'] as const;
    const each = kinds.flatMap((kind) => [found(kind, 'a'), found(kind, 'b')]);
    expect(shortenFindings(each, 2)).toMatchObject({ untold: 2, unlisted: 2 });
  });

  test('of one class are of two kinds where other causes fit them', () => {
    const owner = { ...owned('1000', '1001'), difference: another.difference };
    const modes = times.map(() => owned('1000', '1001'));
    expect(shortenFindings([...modes, owner], 10).findings).toContain(owner);
  });

  test('of one cause are of two kinds where other values have to fit what builders told', () => {
    const other = owned('1000', '0');
    const alike = times.map(() => owned('1000', '1001'));
    expect(shortenFindings([...alike, other], 10).findings).toContain(other);
  });

  test('of one cause are of two kinds where another side says so', () => {
    const commit = '1'.repeat(40);
    const told = (path: string, left: string, right: string): Finding => ({
      ...found('unknown', path),
      detail: `"${left}" on the left, "${right}" on the right`,
    });
    const version = told('a/version.txt', `${commit}-dirty`, commit);
    const other = told('b/version.txt', commit, `${commit}-dirty`);
    const shortened = shortenFindings([version, ...times, other], 300);
    expect(shortened.findings).toContain(version);
    expect(shortened.findings).toContain(other);
  });

  function owned(left: string, right: string): Finding {
    const finding = found('mode-owner', 'usr/bin/x');
    const sides = { left: { uid: left }, right: { uid: right } };
    return { ...finding, difference: { ...finding.difference, ...sides, aspects: ['owner'] } };
  }
});

test('clusters are compared that hang together, and not those of another pair', () => {
  const pairs = [
    { left: 'a', right: 'b' },
    { left: 'c', right: 'd' },
    { left: 'e', right: 'b' },
  ];
  expect([...comparedClusters(pairs)].sort()).toEqual(['a', 'b', 'e']);
  expect(comparedClusters([])).toEqual(new Set());
  expect(comparedClusters([...pairs, { left: 'd', right: 'a' }]).size).toBe(5);
});
