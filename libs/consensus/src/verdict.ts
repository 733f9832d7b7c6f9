import type { Sha256 } from '#libs/encoding';
import type { Cluster } from './cluster.js';
import type { Expectation } from './expected.js';
import type { Vote } from './vote.js';

/** What can be said of one artifact in one round. */
export const VERDICTS = [
  'reproduced',
  'contradicted',
  'agreed',
  'source-unavailable',
  'split',
  'insufficient',
  'pending',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Where a round stands: collecting commits, collecting reveals, or decided. */
export type Phase = 'open' | 'revealing' | 'final';

/** Everything a verdict depends on. */
export interface Count {
  readonly votes: ReadonlyMap<string, Vote>;
  readonly clusters: readonly Cluster[];
  readonly expectation: Expectation;
  readonly needed: number;
  readonly phase: Phase;
}

/**
 * Decides one artifact. `reproduced` is monotonic: it needs `needed` votes for the expected digest,
 * and taking votes away can never create it.
 *
 * Before the round is final a verdict is given only where no vote still to come could change it;
 * since more than half must agree, a cluster that has reached `needed` has no rival.
 */
export function decideArtifact(count: Count): Verdict {
  const { clusters, expectation, needed, phase } = count;
  const isFinal = phase === 'final';
  const winner = clusters.find(({ operators }) => operators.length >= needed);
  if (winner !== undefined) {
    if (expectation.digest !== null) {
      return winner.digest === expectation.digest ? 'reproduced' : 'contradicted';
    }
    return !isFinal && expectation.mayBecomeKnown ? 'pending' : 'agreed';
  }
  const kinds = [...count.votes.values()];
  const unavailable = kinds.filter(isSourceUnavailable).length;
  if (unavailable >= needed) return 'source-unavailable';

  const valid = kinds.filter(({ kind }) => kind === 'digest').length;
  const outstanding = isFinal ? 0 : kinds.filter(({ kind }) => kind === 'outstanding').length;
  const largest = Math.max(unavailable, 0, ...clusters.map(({ operators }) => operators.length));
  if (outstanding > 0 && largest + outstanding >= needed) return 'pending';
  if (valid >= needed) return 'split';
  return valid + outstanding >= needed ? 'pending' : 'insufficient';
}

function isSourceUnavailable(vote: Vote): boolean {
  return vote.kind === 'failed' && vote.classes.every((name) => name === 'source-unavailable');
}

/** Gives the digest that at least `needed` operators agree on, if there is one. */
export function agreedDigest(clusters: readonly Cluster[], needed: number): Sha256 | null {
  return clusters.find(({ operators }) => operators.length >= needed)?.digest ?? null;
}
