import type { Ballot, Claim, Flag, Observation, Standing } from '#libs/consensus';
import { asSha256, sha256, type Sha256 } from '#libs/encoding';
import { questionsOf } from '../questions.js';
import type { BuilderReport, PublishedReport, Report, RoundReport } from './report.js';
import { TrustError } from './trust-error.js';

/** Flags that a round brings with it; all others follow from its votes. */
const ROUND_FLAGS: ReadonlySet<Flag> = new Set([
  'duplicate-url',
  'not-blind',
  'outside-round',
  'repeated',
  'weakly-witnessed',
]);

/**
 * Rebuilds, but for roster and threshold, what a round's artifacts were decided by; null for a round
 * that gives no verdict.
 *
 * @throws TrustError NOT_RECOUNTABLE for what is no report of a round, or one that does not tell what
 *   its builders built
 */
export function reportBallot(report: Report): Omit<Ballot, 'roster' | 'threshold'> | null {
  const { kind, round, release, builders, artifacts } = report;
  if (kind !== 'round' || round === null || release === null) {
    throw new TrustError('NOT_RECOUNTABLE', 'only the report of a round can be counted anew');
  }
  if (round.experiment !== undefined || round.calibration !== undefined) return null;
  const observations = observationsOf(report.published);
  const standIn = standIns(report);
  return {
    phase: round.phase,
    questions: questionsOf(release),
    standings: new Map(
      builders.map((builder) => {
        const read = observations.get(builder.builder) ?? [];
        return [builder.builder, standingOf(builder, round, read, standIn)];
      }),
    ),
    late: new Set(
      builders.filter((builder) => isLate(builder, round)).map(({ builder }) => builder),
    ),
    roundFlags: new Map(
      artifacts.map(({ name, flags }) => [name, flags.filter((flag) => ROUND_FLAGS.has(flag))]),
    ),
  };
}

function standingOf(
  said: BuilderReport,
  { phase }: RoundReport,
  observations: readonly Observation[],
  standIn: (work: string) => Sha256,
): Standing {
  const { builder, state, failure } = said;
  if (state === 'built') {
    return { kind: 'said', claims: [builtClaim(said, observations, standIn)] };
  }
  if (state === 'failed' && failure !== null) {
    const { stage, class: name } = failure;
    return { kind: 'said', claims: [{ kind: 'failed', builder, stage, class: name }] };
  }
  if (phase === 'open') return { kind: 'outstanding' };
  if (state === 'committed') return { kind: 'outstanding' };
  return { kind: state === 'unrevealed' ? 'unrevealed' : 'absent' };
}

function builtClaim(
  { builder, built }: BuilderReport,
  observations: readonly Observation[],
  standIn: (work: string) => Sha256,
): Claim {
  if (built === undefined) {
    const message = `the report does not tell what ${builder} built: fetch a newer one`;
    throw new TrustError('NOT_RECOUNTABLE', message);
  }
  return {
    kind: 'built',
    builder,
    digests: new Map(built.map(({ artifact, sha256: digest }) => [artifact, asSha256(digest)])),
    observations,
    intermediates: new Map(
      built.map(({ artifact, work }) => {
        const digest = work === null ? null : standIn(work);
        const digests = digest === null ? null : { sha256: digest, bound: digest };
        return [artifact, new Map([['work', digests]])];
      }),
    ),
  };
}

/**
 * Gives one digest for each work. It must be none that anybody published: what is published shows no
 * work, and whether that was so has been told already.
 */
function standIns({ builders, published }: Report): (work: string) => Sha256 {
  const taken = new Set<string | null>([
    ...builders.flatMap(({ built }) => built?.map((one) => one.sha256) ?? []),
    ...published.flatMap(({ readings }) => readings.map((reading) => reading.sha256)),
  ]);
  return (work) => {
    let digest = sha256(work);
    while (taken.has(digest)) digest = sha256(digest);
    return digest;
  };
}

function observationsOf(
  published: readonly PublishedReport[],
): ReadonlyMap<string, readonly Observation[]> {
  const byBuilder = new Map<string, Observation[]>();
  for (const { artifact, source, url, readings } of published) {
    for (const { sha256: digest, builders } of readings) {
      if (digest === null) continue;
      for (const builder of builders) {
        const own = byBuilder.get(builder) ?? [];
        own.push({ artifact, source, url, digest: asSha256(digest) });
        byBuilder.set(builder, own);
      }
    }
  }
  return byBuilder;
}

/** A verdict names who committed late before itself; it cannot know of others. */
function isLate({ state, commitIndex }: BuilderReport, { verdictIndex }: RoundReport): boolean {
  if (state !== 'late') return false;
  return verdictIndex === null || (commitIndex !== null && commitIndex < verdictIndex);
}
