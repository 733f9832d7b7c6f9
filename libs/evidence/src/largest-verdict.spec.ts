import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictStatement, type Release, type RosterEntry } from '#libs/attestation';
import {
  decide,
  FLAGS,
  parseThreshold,
  roundOutcome,
  type ArtifactVerdict,
  type Standing,
} from '#libs/consensus';
import { questionsOf } from '#libs/contracts';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import { RELEASE } from './bundle.fixture.js';
import { largestVerdict } from './largest-verdict.js';
import { ORIGIN } from './log.fixture.js';
import { verdictSubjects } from './recompute-verdict.js';

/** What a builder may come to; `alone` got bytes that nobody else got. */
const ENDS = ['good', 'alone', 'partly', 'failed', 'absent', 'unrevealed', 'late'] as const;
type End = (typeof ENDS)[number];

const publicKey = toBase64(new Uint8Array(32));
const lengthOf = (statement: object): number => Buffer.byteLength(canonicalJson(statement));

function rosterOf(operators: readonly (readonly unknown[])[], nameLength = 5): RosterEntry[] {
  return operators.map((builders, at) => ({
    operator: `${at}`.padStart(nameLength, 'o'),
    builders: builders.map((_, number) => {
      return { builder: `${at}-${number}`.padStart(63, 'b'), publicKey };
    }),
  }));
}

function standingOf(end: End, builder: string, release: Release): Standing {
  if (end === 'unrevealed') return { kind: 'unrevealed' };
  if (end === 'absent' || end === 'late') return { kind: 'absent' };
  if (end === 'failed') {
    // The longest that can be signed.
    const failure = { stage: 'preflight', class: 'c'.repeat(64) };
    return { kind: 'said', claims: [{ kind: 'failed', builder, ...failure }] };
  }
  const own = end === 'good' ? '' : ` of ${builder}`;
  const digests = new Map(
    release.artifacts
      .slice(0, end === 'partly' ? 1 : undefined)
      .map(({ name }) => [name, sha256(`good ${name}${own}`)]),
  );
  return { kind: 'said', claims: [{ kind: 'built', builder, digests, observations: [] }] };
}

/** The very statement of a round that ended so, as a coordinator and an auditor make it. */
function verdictOf(roster: readonly RosterEntry[], ends: readonly End[], release = RELEASE) {
  const builders = roster.flatMap((entry) => entry.builders.map(({ builder }) => builder));
  const endOf = new Map(builders.map((builder, at) => [builder, ends[at] ?? 'absent']));
  const verdicts = decide({
    roster: roster.map((entry) => ({
      operator: entry.operator,
      builders: entry.builders.map(({ builder }) => builder),
    })),
    threshold: parseThreshold(`${Math.floor(roster.length / 2) + 1}`),
    phase: 'final',
    questions: questionsOf(release),
    standings: new Map(
      [...endOf].map(([builder, end]) => [builder, standingOf(end, builder, release)]),
    ),
    late: new Set(builders.filter((builder) => endOf.get(builder) === 'late')),
    roundFlags: new Map([['*', FLAGS]]),
  });
  return statementOf(verdicts, roster.length, 2 * builders.length, release);
}

function statementOf(
  verdicts: readonly ArtifactVerdict[],
  eligible: number,
  inputs: number,
  release: Release,
) {
  const isPassed = roundOutcome(verdicts) === 'satisfied';
  return verdictStatement({
    ...{ coordinatorKeyId: sha256('key'), version: '0.1.0', policySha256: sha256('round') },
    ...{ decidedAt: new Date().toISOString(), round: sha256('round'), releaseName: release.name },
    ...{ isPassed, needed: verdicts[0]?.needed ?? 0, eligible, artifacts: verdicts },
    subject: verdictSubjects(release, verdicts, isPassed),
    inputs: Array.from({ length: inputs }, (_, at) => ({
      uri: `log:${ORIGIN}#${1_000_000 + at}`,
      digest: { sha256: sha256(`${at}`) },
    })),
  });
}

describe('no verdict of a round is longer than the largest one', () => {
  test('however its builders end', () => {
    const operatorArb = fc.array(fc.constantFrom(...ENDS), { minLength: 1, maxLength: 5 });
    const roundArb = fc.array(operatorArb, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(roundArb, fc.constantFrom(2, 80), (operators, nameLength) => {
        const roster = rosterOf(operators, nameLength);
        const bound = lengthOf(largestVerdict({ release: RELEASE, roster }, ORIGIN));
        expect(lengthOf(verdictOf(roster, operators.flat()))).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 300 },
    );
  });

  test.each(ENDS)('when all of very many builders are %s', (end) => {
    for (const each of [1, 4]) {
      const operators = Array.from({ length: 200 }, () => Array<End>(each).fill(end));
      const roster = rosterOf(operators);
      const bound = lengthOf(largestVerdict({ release: RELEASE, roster }, ORIGIN));
      expect(lengthOf(verdictOf(roster, operators.flat()))).toBeLessThanOrEqual(bound);
    }
  });

  test('of a release of which nothing is asked', () => {
    const release = { ...RELEASE, artifacts: [] };
    const roster = rosterOf([['absent'], ['absent']]);
    const bound = lengthOf(largestVerdict({ release, roster }, ORIGIN));
    expect(lengthOf(verdictOf(roster, [], release))).toBeLessThanOrEqual(bound);
  });
});

test('the largest verdict is hardly longer than that of builders who all got other bytes', () => {
  const operators = Array.from({ length: 500 }, (): End[] => ['alone']);
  const roster = rosterOf(operators);
  const bound = lengthOf(largestVerdict({ release: RELEASE, roster }, ORIGIN));
  expect(lengthOf(verdictOf(roster, operators.flat()))).toBeGreaterThan(0.95 * bound);
});
