import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builderIdOf, type Release, type Result, type RoundOpen } from '#libs/attestation';
import {
  ConsensusError,
  decide,
  FLAGS,
  OPENED,
  parseThreshold,
  standingsOf,
  type Flag,
  type Phase,
  VERDICTS,
} from '#libs/consensus';
import { claimOf, proposalFlags, questionsOf, recountFor, type Report } from '#libs/contracts';
import { fromBase64, sha256, toBase64 } from '#libs/encoding';
import type { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { makeFailure, makeResult, makeRound, makeSigner } from '#libs/testing';
import { builderReports } from '../reports/builder-reports.js';
import { publishedReports } from '../reports/published-reports.js';
import { artifactReport, roundReport } from '../reports/round-report.js';
import { invitedBuilders, type LoadedRound } from '../rounds/round-store.js';

const NAMES = ['guestos/update-img', 'hostos/update-img', 'setupos/disk-img'] as const;
const VERDICT_INDEX = 50;
const ROSTER: RoundOpen['roster'] = [
  ['alice', [1, 2]],
  ['bob', [3]],
  ['carol', [4]],
  ['dan', [5, 6, 7]],
  ['erin', [8]],
].map(([operator, seeds], at) => ({
  operator: operator as string,
  ...(at % 2 === 0 && { publicKey: toBase64(makeSigner(100 + at).publicKey) }),
  builders: (seeds as number[]).map((seed) => {
    const { id, publicKey } = makeSigner(seed);
    return { builder: id, publicKey: toBase64(publicKey) };
  }),
}));
const { open: OPEN } = makeRound(ROSTER);
const OPERATORS = ROSTER.map(({ operator }) => operator);

const word = fc.constantFrom('expected', 'x', 'y');
const releaseArb: fc.Arbitrary<Release> = fc
  .record({
    expected: fc.array(fc.option(word), { minLength: 3, maxLength: 3 }),
    elected: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .map(({ expected, elected }) => ({
    name: 'ic/x',
    source: { uri: null, digest: { gitCommit: 'ab'.repeat(20) } },
    artifacts: NAMES.map((name, at) => {
      const text = expected[at] ?? null;
      return {
        ...{ name, path: name, expected: text === null ? null : sha256(text) },
        ...{ elected: elected[at] ?? false, embeds: at === 2 ? NAMES.slice(0, 2) : [] },
      };
    }),
  }));

const resultArb = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      outputs: fc.array(fc.option(word, { freq: 6 }), { minLength: 3, maxLength: 3 }),
      read: fc.array(
        fc.record({
          artifact: fc.constantFrom(...NAMES),
          source: fc.constantFrom('cdn-sums', 'cdn-bytes'),
          digest: fc.option(word, { freq: 5 }),
        }),
        { maxLength: 4 },
      ),
      left: fc.array(
        fc.record({
          name: fc.constantFrom('rootfs-tree.tar', 'kernel'),
          // `x` may be published as well: then it shows nothing.
          found: fc.option(fc.constantFrom('tree', 'other tree', 'x'), { freq: 5 }),
        }),
        { maxLength: 2 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('source-unavailable', 'out-of-space') },
);

const seatArb = fc.record({
  commit: fc.oneof(
    { weight: 9, arbitrary: fc.constant('counted') },
    { weight: 2, arbitrary: fc.constantFrom('none', 'declined', 'late', 'too late') },
  ),
  isShown: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn > 0),
  isCounted: fc.integer({ min: 0, max: 19 }).map((drawn) => drawn > 0),
  result: resultArb,
  isApart: fc.constantFrom(false, false, false, true),
});

const roundArb = fc.record({
  release: releaseArb,
  phase: fc.constantFrom<Phase>('final', 'final', 'revealing', 'open'),
  blind: fc.constantFrom(true, true, true, false),
  flags: fc.subarray<Flag>(['repeated', 'weakly-witnessed', 'outside-round']),
  isTwice: fc.boolean(),
  /** What most builders say, where they do; else each says its own. */
  most: fc.option(resultArb, { freq: 3 }),
  seats: fc.array(seatArb, { minLength: 8, maxLength: 8 }),
  trusted: fc.subarray(OPERATORS, { minLength: 1 }),
  threshold: fc.constantFrom('2/3', '2/3', '2/3', '2', '3', '3/5', '1', '1/2', '4', '1/1'),
});
type Drawn = typeof roundArb extends fc.Arbitrary<infer T> ? T : never;

function resultOf(
  drawn: Drawn['seats'][number]['result'],
  builder: string,
  release: Release,
): Result {
  const answered = { round: 'cd'.repeat(32), release, builder };
  if (typeof drawn === 'string') return makeFailure(answered, { class: drawn });
  const base = makeResult(answered);
  return {
    ...base,
    outputs: base.outputs.flatMap((output, at) => {
      const text = drawn.outputs[at] ?? null;
      return text === null ? [] : [{ ...output, sha256: sha256(text) }];
    }),
    published: drawn.read.map(({ artifact, source, digest }) => ({
      ...{ artifact, source: source as 'cdn-sums', url: `https://x.example/${source}` },
      ...{ sha256: digest === null ? null : sha256(digest), sizeBytes: null },
      error: digest === null ? { code: 'HTTP', message: '500' } : null,
    })),
    intermediates: drawn.left.map(({ name, found }) => ({
      ...{ name, artifacts: [...NAMES] },
      found:
        found === null
          ? null
          : { path: name, sha256: sha256(found), bound: sha256(`bound ${found}`), sizeBytes: 1 },
    })),
  };
}

function loadedOf({ release, phase, blind, seats, isTwice, most }: Drawn): LoadedRound {
  const urls = isTwice ? ['https://a.example', 'https://a.example'] : [];
  const open: RoundOpen = { ...OPEN, release, blind, urls };
  const verdictIndex = phase === 'final' ? VERDICT_INDEX : null;
  const results = new Map<string, Result>();
  const rows = ROSTER.flatMap(({ operator, builders }) =>
    builders.map(({ builder }) => ({ operator, builder })),
  ).map(({ operator, builder }, at): RoundBuilderEntity => {
    const seat = seats[at]!;
    const isLate = phase !== 'open' && seat.commit.endsWith('late');
    const hasCommitted = isLate || seat.commit === 'counted';
    const isShown = hasCommitted && seat.isShown && (phase !== 'open' || !blind);
    const said = seat.isApart || most === null ? seat.result : most;
    if (isShown) results.set(builder, resultOf(said, builder, release));
    return {
      ...{ round: 'cd'.repeat(32), builder, operator, invitedAt: null },
      ...{ declineIndex: seat.commit === 'declined' ? 2 : null, declineReason: 'busy' },
      ...{ commitment: hasCommitted ? sha256(builder) : null, isLate },
      commitIndex: hasCommitted ? (seat.commit === 'too late' ? VERDICT_INDEX + 1 : 3 + at) : null,
      ...{ resultIndex: isShown ? 20 + at : null, resultSha256: null },
      isCounted: isShown && !isLate && seat.isCounted,
      ...{ stage: null, percent: null, lastSeenAt: null },
    };
  });
  const inTime = rows.filter(({ commitment, isLate }) => commitment !== null && !isLate);
  return {
    row: {
      ...{ id: 'cd'.repeat(32), phase, verdictIndex, openIndex: 0, closeIndex: 15 },
      ...{ openedAt: new Date(0), closedAt: null, decidedAt: null, closeReason: null },
    } as RoundEntity,
    open,
    builders: rows,
    state: {
      ...{ ...OPENED, phase, isBlind: blind },
      commits: new Map(inTime.map(({ builder, commitment }) => [builder, commitment!])),
      late: new Set(
        rows
          .filter((row) => row.isLate && (verdictIndex === null || row.commitIndex! < verdictIndex))
          .map(({ builder }) => builder),
      ),
      claims: new Map(
        rows
          .filter(({ isCounted }) => isCounted)
          .map(({ builder }) => [builder, claimOf(results.get(builder)!)]),
      ),
    },
    results,
    reveals: new Map(),
  };
}

/** What `decide` says when only some are asked, of the round itself and not of its report. */
function decideFor(
  { open, state }: LoadedRound,
  { flags, trusted, threshold }: Pick<Drawn, 'flags' | 'trusted' | 'threshold'>,
) {
  const roundFlags = new Map(proposalFlags(open.release, open.urls));
  roundFlags.set('*', [...flags, ...(open.blind ? [] : (['not-blind'] as const))]);
  return decide({
    roster: open.roster
      .filter(({ operator }) => trusted.includes(operator))
      .map(({ operator, builders }) => ({
        operator,
        builders: builders.map(({ builder }) => builder),
      })),
    threshold: parseThreshold(threshold),
    phase: state.phase,
    questions: questionsOf(open.release),
    standings: standingsOf(state, invitedBuilders(open)),
    late: state.late,
    roundFlags,
  }).map(artifactReport);
}

function reportOf(loaded: LoadedRound, { flags }: Drawn): Report {
  const artifacts = decideFor(loaded, { flags, trusted: OPERATORS, threshold: '3' });
  const silence = { now: 0, openedAt: 0, vanishedMs: 1000, heard: new Map<string, number>() };
  return {
    ...{ schema: 'https://repro-quorum.dev/ns/report/v1', kind: 'round', headline: '' },
    ...{ proposal: null, deployment: null, release: loaded.open.release, otherRounds: [] },
    round: roundReport(loaded, [], null),
    artifacts,
    builders: builderReports(loaded, { views: new Map(), silence }),
    published: publishedReports(loaded),
    log: null,
  };
}

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConsensusError) return { code: error.code, message: error.message };
    throw error;
  }
}

/** Holds one recount against the round itself, and gives what came of it. */
function recounted(drawn: Drawn): unknown {
  const loaded = loadedOf(drawn);
  const report = JSON.parse(JSON.stringify(reportOf(loaded, drawn))) as Report;
  const found = outcomeOf(() =>
    recountFor(report, { operators: drawn.trusted, threshold: drawn.threshold }),
  );
  expect(found).toEqual(outcomeOf(() => decideFor(loaded, drawn)));
  return found;
}

test('a report is recounted as the round itself is decided, for whomever one trusts', () => {
  fc.assert(
    fc.property(roundArb, (drawn) => void recounted(drawn)),
    { numRuns: 200 },
  );
});

test('every verdict, flag and list is among what is recounted', () => {
  const seen = new Set<string>();
  for (const drawn of fc.sample(roundArb, { numRuns: 1000, seed: 1 })) {
    const found = recounted(drawn);
    if (!Array.isArray(found)) continue;
    for (const { verdict, flags, ...lists } of found as Report['artifacts']) {
      for (const it of [verdict, ...flags]) seen.add(it);
      for (const [list, entries] of Object.entries(lists)) {
        if (Array.isArray(entries) && entries.length > 0) seen.add(list);
      }
    }
  }
  const lists = ['clusters', 'failed', 'missing', 'selfContradicting', 'impliedBy'];
  expect([...seen]).toEqual(expect.arrayContaining([...VERDICTS, ...FLAGS, ...lists]));
});

test('operators may be named by the principals of their keys, and count once by either name', () => {
  const drawn = fc.sample(roundArb, { numRuns: 1, seed: 7 })[0]!;
  const report = reportOf(loadedOf(drawn), drawn);
  const principal = builderIdOf(fromBase64(ROSTER[0]!.publicKey!));
  expect(report.builders[0]).toMatchObject({ operator: 'alice', operatorPrincipal: principal });
  expect(
    recountFor(report, { operators: [principal, 'alice', 'bob', 'carol'], threshold: '2/3' }),
  ).toEqual(recountFor(report, { operators: ['alice', 'bob', 'carol'], threshold: '2/3' }));
});
