import { describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import { built, question, said, soloRoster } from './ballot.fixture.js';
import type { Standing } from './claim.js';
import { decide } from './decide.js';
import { parseThreshold } from './threshold.js';

const GUEST = 'guestos/update-img';
const HOST = 'hostos/update-img';
const SETUP = 'setupos/disk-img';

interface Letters {
  readonly guest: string;
  readonly host: string;
  readonly setup: string;
}
const PARTS: readonly [string, keyof Letters][] = [
  [GUEST, 'guest'],
  [HOST, 'host'],
  [SETUP, 'setup'],
];
const digestOf = (part: keyof Letters, letter: string): Sha256 => sha256(`${part} ${letter}`);

/** Decides a release in which SetupOS embeds the other two. One letter a builder; `-` is none. */
function impliedBy(
  results: Letters,
  published: Partial<Letters> = {},
  embeds: readonly string[] = [GUEST, HOST],
): readonly string[] {
  const operators = Array.from({ length: results.setup.length }, (_, at) => `op${at}`);
  const standings = new Map(
    operators.map((operator, at): [string, Standing] => {
      const digests = PARTS.map(([name, part]) => ({
        name,
        part,
        letter: results[part].charAt(at),
      }))
        .filter(({ letter }) => letter !== '-')
        .map(({ name, part, letter }): [string, Sha256] => [name, digestOf(part, letter)]);
      const builder = `${operator}-1`;
      return [builder, said(built(builder, Object.fromEntries(digests)))];
    }),
  );
  const questions = PARTS.map(([name, part]) => {
    const letter = published[part];
    const expected = letter === undefined ? null : digestOf(part, letter);
    return question({ name, elected: false, expected, embeds: part === 'setup' ? embeds : [] });
  });
  const verdicts = decide({
    roster: soloRoster(operators),
    threshold: parseThreshold('3/3'),
    phase: 'final',
    questions,
    standings,
    late: new Set(),
    roundFlags: new Map(),
  });
  const setup = verdicts.find(({ name }) => name === SETUP)!;
  expect(setup.flags.includes('implied-by')).toBe(setup.impliedBy.length > 0);
  return setup.impliedBy;
}

describe('SetupOS, which embeds HostOS and GuestOS', () => {
  test('differs because HostOS does', () => {
    expect(impliedBy({ guest: 'AAAAA', host: 'AABCD', setup: 'AABCD' })).toEqual([HOST]);
  });

  test('differs because both do', () => {
    expect(impliedBy({ guest: 'AAB', host: 'ABB', setup: 'ABC' })).toEqual([GUEST, HOST]);
  });

  test('has a difference of its own when two builders with equal parts differ', () => {
    expect(impliedBy({ guest: 'AAAAA', host: 'AABCD', setup: 'ABCDE' })).toEqual([]);
  });

  test('has a difference of its own when only one builder got other bytes', () => {
    expect(impliedBy({ guest: 'AAA', host: 'AAA', setup: 'AAB' })).toEqual([]);
  });

  test('implies nothing when all are equal, though a part differs', () => {
    expect(impliedBy({ guest: 'AAA', host: 'AAB', setup: 'AAA' })).toEqual([]);
  });

  test('is not explained by a part that one of two builders did not build', () => {
    expect(impliedBy({ guest: 'AAA', host: 'A-A', setup: 'ABA' })).toEqual([]);
  });

  test('differs from what is published because its part does', () => {
    const same = { guest: 'AAA', host: 'AAA', setup: 'AAA' };
    expect(impliedBy(same, { guest: 'A', host: 'P', setup: 'P' })).toEqual([HOST]);
    expect(impliedBy(same, { guest: 'A', host: 'A', setup: 'P' })).toEqual([]);
    expect(impliedBy(same, { setup: 'P' })).toEqual([]);
  });

  test('is never explained by itself, by a stranger, or by one part twice', () => {
    const results = { guest: 'AAA', host: 'AAB', setup: 'AAB' };
    expect(impliedBy(results, {}, [SETUP])).toEqual([]);
    expect(impliedBy(results, {}, ['no/such'])).toEqual([]);
    expect(impliedBy(results, {}, [HOST, HOST, SETUP])).toEqual([HOST]);
  });
});
