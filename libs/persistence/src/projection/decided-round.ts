import type { RoundOpen, Statement } from '#libs/attestation';
import { roundOutcome } from '#libs/consensus';
import type { ArtifactClusterEntity } from '../entities/artifact-cluster.entity.js';
import type { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import type { RoundStandingEntity } from '../entities/round-standing.entity.js';
import type { RoundSummaryEntity } from '../entities/round-summary.entity.js';
import { verdictDocument, type VerdictArtifact } from './verdict-document.js';

/** The rows that lists of decided rounds are read from. */
export interface DecidedRound {
  readonly summary: RoundSummaryEntity;
  readonly clusters: readonly ArtifactClusterEntity[];
  readonly standings: readonly RoundStandingEntity[];
}

/** As much of a builder's row as its standing depends on. */
export type DecidedSeat = Pick<
  RoundBuilderEntity,
  'builder' | 'isLate' | 'commitment' | 'declineIndex' | 'resultIndex'
>;

/** A round in the moment of its verdict. */
export interface Decision {
  readonly round: string;
  /** RoundOpen, with everybody who was invited by then on its roster. */
  readonly open: RoundOpen;
  readonly verdictIndex: number;
  readonly statement: Statement;
  readonly seats: Iterable<DecidedSeat>;
}

/**
 * Makes the rows of a decided round of its signed verdict: what counted, and how, is read there and
 * not counted anew.
 *
 * @throws AttestationError, ZodError for a verdict that does not tell its artifacts
 */
export function decidedRound(decision: Decision): DecidedRound {
  const { round, open, verdictIndex, statement } = decision;
  const artifacts = verdictDocument(statement);
  const seats = [...decision.seats];
  const { experiment, calibration } = open;
  return {
    summary: {
      ...{ round, release: open.release.name, openedAt: new Date(open.openedAt), verdictIndex },
      outcome: artifacts.length === 0 ? null : roundOutcome(artifacts),
      verdicts: [...new Set(artifacts.map(({ verdict }) => verdict))].toSorted(),
      eligible: open.roster.length,
      purpose: {
        ...(experiment !== undefined && { experiment }),
        ...(calibration !== undefined && { calibration }),
      },
      artifacts: artifacts.map(summaryOf),
    },
    clusters: clustersOf(decision, artifacts, seats),
    standings:
      artifacts.length === 0
        ? []
        : seats.map((seat) => ({
            ...{ round, builder: seat.builder },
            standing: standingOf(seat, artifacts),
          })),
  };
}

/** As much of an artifact's verdict as a summary tells. */
export interface SummarisedArtifact extends Pick<
  VerdictArtifact,
  'name' | 'elected' | 'expected' | 'verdict' | 'needed'
> {
  readonly flags: readonly string[];
  readonly clusters: readonly {
    readonly digest: string;
    readonly operators: readonly string[];
    readonly builders: readonly string[];
    readonly matchesExpected: boolean;
  }[];
}

/** An artifact as lists tell it: names are left out, and sizes kept. */
export function summaryOf({
  name,
  elected,
  expected,
  verdict,
  needed,
  flags,
  clusters,
}: SummarisedArtifact): object {
  return {
    ...{ name, elected, expected, verdict, needed, flags },
    clusters: clusters.map(({ digest, operators, builders, matchesExpected }) => ({
      ...{ digest, matchesExpected },
      ...{ operators: operators.length, builders: builders.length },
    })),
  };
}

function clustersOf(
  { round, open, verdictIndex }: Decision,
  artifacts: readonly VerdictArtifact[],
  seats: readonly DecidedSeat[],
): readonly ArtifactClusterEntity[] {
  const results = new Map(seats.map(({ builder, resultIndex }) => [builder, resultIndex]));
  return artifacts
    .flatMap(({ name, verdict, clusters }) => clusters.map((it) => ({ name, verdict, ...it })))
    .map(({ name, verdict, digest, matchesExpected, operators, builders }, position) => ({
      ...{ verdictIndex, position, round, release: open.release.name },
      ...{ artifact: name, digest, verdict, matchesExpected, operators, builders },
      results: builders.flatMap((builder) => results.get(builder) ?? []).toSorted((a, b) => a - b),
    }));
}

function standingOf(
  { builder, isLate, commitment, declineIndex, resultIndex }: DecidedSeat,
  artifacts: readonly VerdictArtifact[],
): RoundStandingEntity['standing'] {
  if (isLate) return 'late';
  if (commitment === null) return declineIndex === null ? 'absent' : 'declined';
  if (resultIndex === null) return 'unrevealed';
  const votes = artifacts.map((artifact) => voteOf(artifact, builder));
  if (votes.includes('other')) return 'disagreed';
  if (votes.includes('agreed')) return 'agreed';
  return votes.includes('undecided') ? 'undecided' : 'failed';
}

function voteOf(
  { clusters, selfContradicting, needed }: VerdictArtifact,
  builder: string,
): 'agreed' | 'other' | 'undecided' | null {
  const own =
    clusters.find(({ builders }) => builders.includes(builder))?.digest ??
    selfContradicting.flatMap(({ votes }) => votes).find((vote) => vote.builder === builder)
      ?.digest;
  if (own === undefined) return null;
  const winner = clusters.find(({ operators }) => operators.length >= needed)?.digest;
  if (winner === undefined) return 'undecided';
  return own === winner ? 'agreed' : 'other';
}
