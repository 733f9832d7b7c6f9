import { describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import {
  ARTIFACT,
  DIGESTS,
  ballotOf,
  built,
  decideOne,
  failed,
  question,
  reading,
  said,
  showing,
  soloRoster,
} from './ballot.fixture.js';
import type { Claim, Standing } from './claim.js';
import type { Ballot } from './decide.js';
import type { Flag } from './flags.js';

const WORK = { 'rootfs-tree.tar': sha256('tree'), replica: sha256('linked') };
type Work = Readonly<Record<string, Sha256 | null>>;

/** What one operator with one builder shows for the expected digest; null tells nothing. */
type Shown = Work | null;

const builtIt = (builder: string, shown: Shown, digest: Sha256 = DIGESTS.expected): Claim => {
  const claim = built(builder, { [ARTIFACT]: digest });
  return shown === null ? claim : showing(claim, shown);
};

function isShown(standings: ReadonlyMap<string, Standing>, over: Partial<Ballot> = {}): boolean {
  const operators = [...new Set([...standings.keys()].map((builder) => builder.split('-')[0]!))];
  const roster = operators.map((operator) => ({
    operator,
    builders: [...standings.keys()].filter((builder) => builder.startsWith(`${operator}-`)),
  }));
  return decideOne(ballotOf({ roster, standings, ...over })).flags.includes('work-shown');
}

/** Three of the operators have to agree. */
const solo = (shown: readonly Shown[], digest?: Sha256): ReadonlyMap<string, Standing> =>
  new Map(
    shown.map((work, at) => [`op${at}-1`, said(builtIt(`op${at}-1`, work, digest))] as const),
  );

describe('work-shown', () => {
  test('stands where as many operators as have to agree left the same on the way', () => {
    expect(isShown(solo([WORK, WORK, WORK]))).toBe(true);
    expect(isShown(solo([WORK, WORK, WORK, WORK, null]))).toBe(true);
  });

  test('stands whatever order it is told in', () => {
    const reversed = Object.fromEntries(Object.entries(WORK).toReversed());
    expect(isShown(solo([WORK, reversed, WORK]))).toBe(true);
  });

  test('does not stand for two of them, however many built the same artifact', () => {
    expect(isShown(solo([WORK, WORK, null, null, null]))).toBe(false);
  });

  test('does not stand where nothing was left on the way, or nobody knows what should be', () => {
    expect(isShown(solo([{}, {}, {}]))).toBe(false);
    expect(isShown(solo([null, null, null]))).toBe(false);
  });

  test('does not stand where all miss the same', () => {
    const lacking = { ...WORK, replica: null };
    expect(isShown(solo([lacking, lacking, lacking]))).toBe(false);
  });

  test('counts nobody who tells only what is easily had', () => {
    const less = { 'rootfs-tree.tar': WORK['rootfs-tree.tar'] };
    expect(isShown(solo([WORK, WORK, less]))).toBe(false);
  });

  test('counts nobody who shows what is published, as anybody has that', () => {
    const copied = { 'rootfs-tree.tar': DIGESTS.expected };
    expect(isShown(solo([copied, copied, copied]))).toBe(false);
    const standings = new Map(
      ['a-1', 'b-1', 'c-1'].map((builder) => {
        const claim = built(builder, { [ARTIFACT]: DIGESTS.expected }, [reading(DIGESTS.y)]);
        return [builder, said(showing(claim, { 'rootfs-tree.tar': DIGESTS.y }))] as const;
      }),
    );
    expect(isShown(standings)).toBe(false);
  });

  test('is not voided by those who got something else', () => {
    const other = { ...WORK, replica: sha256('other') };
    expect(isShown(solo([WORK, other, WORK, other, WORK]))).toBe(true);
  });

  test('tells two names apart that read alike together', () => {
    const digest = sha256('x');
    const one = { [`a","${digest}"],["b`]: digest };
    const two = { a: digest, b: digest };
    expect(isShown(solo([one, two, two]))).toBe(false);
  });

  test('is not to be had with what another round on the commit has made public', () => {
    const replayed = builtIt('c-1', null);
    const standings = new Map([
      ['a-1', said(builtIt('a-1', WORK))],
      ['b-1', said(builtIt('b-1', WORK))],
      ['c-1', said(showing(replayed, WORK, ARTIFACT, 'earlier round'))],
    ]);
    expect(isShown(standings)).toBe(false);
  });

  test.each(['not-blind', 'outside-round'] as const)(
    'does not stand beside %s, where everybody can copy in time',
    (flag) => {
      const roundFlags = new Map<string, readonly Flag[]>([['*', [flag]]]);
      expect(isShown(solo([WORK, WORK, WORK]), { roundFlags })).toBe(false);
    },
  );

  test('is not lent by what was left on the way to another artifact', () => {
    const standings = new Map(
      ['a-1', 'b-1', 'c-1'].map((builder) => {
        const claim = built(builder, { [ARTIFACT]: DIGESTS.expected });
        return [builder, said(showing(claim, WORK, 'hostos/update-img'))] as const;
      }),
    );
    expect(isShown(standings)).toBe(false);
  });

  test('stands beside what was agreed on and contradicted, too, and not beside a split', () => {
    const agreed = { questions: [question({ expected: null })] };
    expect(isShown(solo([WORK, WORK, WORK]), agreed)).toBe(true);
    expect(isShown(solo([WORK, WORK, WORK], DIGESTS.x))).toBe(true);
    const split = new Map([
      ...solo([WORK, WORK]),
      ['op2-1', said(builtIt('op2-1', WORK, DIGESTS.x))],
    ] as const);
    expect(isShown(split)).toBe(false);
  });

  test('counts an operator only when all its builders that built it left the same', () => {
    const others = solo([WORK, WORK]);
    const both = (one: Claim, two: Claim): ReadonlyMap<string, Standing> =>
      new Map([...others, ['x-1', said(one)], ['x-2', said(two)]]);
    expect(isShown(both(builtIt('x-1', WORK), builtIt('x-2', WORK)))).toBe(true);
    expect(isShown(both(builtIt('x-1', WORK), builtIt('x-2', null)))).toBe(false);
    expect(isShown(both(builtIt('x-1', WORK), builtIt('x-2', {})))).toBe(false);
    const other = { ...WORK, replica: sha256('other') };
    expect(isShown(both(builtIt('x-1', WORK), builtIt('x-2', other)))).toBe(false);
    expect(isShown(both(builtIt('x-1', WORK), failed('x-2')))).toBe(true);
  });

  test('is not to be had by saying two things', () => {
    const roster = soloRoster(['a', 'b', 'c']);
    const twice = said(builtIt('c-1', WORK), builtIt('c-1', { replica: sha256('other') }));
    const standings = new Map([
      ['a-1', said(builtIt('a-1', WORK))],
      ['b-1', said(builtIt('b-1', WORK))],
      ['c-1', twice],
    ]);
    expect(decideOne(ballotOf({ roster, standings })).flags).not.toContain('work-shown');
  });
});
