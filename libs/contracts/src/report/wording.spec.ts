import { describe as suite, expect, test } from 'vitest';
import { clusterLetters, letterOf } from './cluster-label.js';
import { GUEST, HOST, artifactsOf, seedSplit } from './report.fixture.js';
import { describe, shortDigest, shortTitleOf, titleOf } from './wording.js';

suite('a title', () => {
  test.each([
    ['guestos/update-img', 'GuestOS', 'GuestOS'],
    ['hostos/update-img', 'HostOS', 'HostOS'],
    ['setupos/disk-img', 'SetupOS', 'SetupOS'],
    ['guestos-recovery/update-img', 'recovery GuestOS', 'recovery'],
    ['guestos/launch-measurements', 'GuestOS launch measurements', 'measurements'],
    ['hello.deb', 'hello.deb', 'hello.deb'],
    ['a-very-long-name.deb', 'a-very-long-name.deb', 'a-very-long-…'],
    // Names that every JavaScript object already has.
    ['constructor', 'constructor', 'constructor'],
    ['toString', 'toString', 'toString'],
    ['__proto__', '__proto__', '__proto__'],
  ])('of %s is %s, in short %s', (name, title, short) => {
    expect(titleOf(name)).toBe(title);
    expect(shortTitleOf(name)).toBe(short);
  });
});

suite('a cluster’s letter', () => {
  test('goes on after Z', () => {
    expect([0, 1, 25, 26, 27, 52].map(letterOf)).toEqual(['A', 'B', 'Z', 'A1', 'B1', 'A2']);
    expect(new Set(Array.from({ length: 256 }, (_, at) => letterOf(at))).size).toBe(256);
  });

  test('is shared by whoever built the same bytes, and by nobody else', () => {
    const host = seedSplit().artifacts.find(({ name }) => name === HOST)!;
    expect(Object.fromEntries(clusterLetters(host))).toEqual({
      alice: 'A',
      bob: 'A',
      carol: 'B',
      erin: 'C',
      dan: 'D',
    });
  });
});

suite('what is said of an artifact', () => {
  const said = (words: Parameters<typeof artifactsOf>[0]): string => {
    const guest = artifactsOf(words).find(({ name }) => name === GUEST)!;
    return describe(guest, 5);
  };
  const good = { [GUEST]: 'guest' };
  const bad = { [GUEST]: 'other' };
  const worse = { [GUEST]: 'third' };

  test.each([
    ['reproduced by 5 of 5', [good, good, good, good, good]],
    // Three of three would be another thing: two are silent.
    ['reproduced by 3 of 5', [good, good, good]],
    ['reproduced by 3 of 5', [good, good, good, bad, 'failed']],
    ['contradicted: 3 of 5 built d9298a10d1b0, expected was 84983c60f7da', [bad, bad, bad]],
    ['split 2-2-1: no 3 operators agree', [good, good, bad, bad, worse]],
    ['undecided: 1 valid vote, 3 are needed', [good]],
    ['undecided: 0 valid votes, 3 are needed', []],
    ['undecided: 2 valid votes, 3 are needed', [good, bad, 'failed', 'unrevealed', [good, bad]]],
  ] as const)('%s', (text, words) => {
    expect(said(words)).toBe(text);
  });

  test('agreed, source-unavailable and pending have words of their own', () => {
    const [guest] = artifactsOf([good, good, good]);
    const other = { ...guest!, expected: null, verdict: 'agreed' as const };
    expect(describe(other, 5)).toBe('agreed by 3 of 5, with nothing published to compare');
    expect(describe({ ...guest!, verdict: 'source-unavailable' }, 5)).toBe(
      'not verifiable now: the source is not available',
    );
    const [open] = artifactsOf([good]);
    expect(describe({ ...open!, verdict: 'pending' }, 5)).toBe('pending: 2 more agreeing needed');
    expect(describe({ ...guest!, verdict: 'pending' }, 5)).toBe('pending: 0 more agreeing needed');
  });
});

test('a digest is shown by its first twelve characters', () => {
  expect(shortDigest('0123456789abcdef')).toBe('0123456789ab');
  expect(shortDigest(null)).toBe('unknown');
});
