import { compareText, type Sha256 } from '#libs/encoding';
import type { Claim, Standing } from './claim.js';
import type { RosterOperator } from './roster.js';

/** What one builder got. */
export interface BuilderVote {
  readonly builder: string;
  readonly digest: Sha256;
}

/** What one operator says of one artifact. */
export type Vote =
  | { readonly kind: 'digest'; readonly digest: Sha256; readonly builders: readonly string[] }
  | {
      readonly kind: 'self-contradicting';
      readonly votes: readonly BuilderVote[];
    }
  | { readonly kind: 'failed'; readonly classes: readonly string[] }
  | { readonly kind: 'void' }
  | { readonly kind: 'outstanding' }
  | { readonly kind: 'none' };

/** Looks up where a builder stands; a builder nobody knows anything of is absent. */
export function standingOf(standings: ReadonlyMap<string, Standing>, builder: string): Standing {
  return standings.get(builder) ?? { kind: 'absent' };
}

/** Lists what a builder said, if anything. */
export function claimsOf(standing: Standing): readonly Claim[] {
  return standing.kind === 'said' ? standing.claims : [];
}

/**
 * Derives an operator's vote on an artifact from all its builders. The operator counts only once
 * every one of them is accounted for; one unrevealed commit voids the vote, else an operator could
 * run two builders and show only the one whose digest it prefers.
 */
export function voteOf(
  operator: RosterOperator,
  artifact: string,
  standings: ReadonlyMap<string, Standing>,
): Vote {
  const all = operator.builders.map((builder) => standingOf(standings, builder));
  if (all.some(({ kind }) => kind === 'unrevealed')) return { kind: 'void' };
  if (all.some(({ kind }) => kind === 'outstanding')) return { kind: 'outstanding' };

  const votes = all.flatMap(claimsOf).flatMap((claim) => {
    const digest = claim.kind === 'built' ? claim.digests.get(artifact) : undefined;
    return digest === undefined ? [] : [{ builder: claim.builder, digest }];
  });
  const [first] = votes;
  if (first !== undefined) {
    if (votes.some(({ digest }) => digest !== first.digest)) {
      return { kind: 'self-contradicting', votes: distinct(votes) };
    }
    // A repeated attestation must not list its builder twice.
    const builders = [...new Set(votes.map(({ builder }) => builder))];
    return { kind: 'digest', digest: first.digest, builders };
  }
  const classes = all
    .flatMap(claimsOf)
    .flatMap((claim) => (claim.kind === 'failed' ? [claim.class] : []));
  return classes.length > 0 ? { kind: 'failed', classes } : { kind: 'none' };
}

/** Lists each vote once, by builder, then digest: however often and in whatever order it came. */
function distinct(votes: readonly BuilderVote[]): readonly BuilderVote[] {
  const byText = new Map(votes.map((vote) => [`${vote.builder} ${vote.digest}`, vote]));
  return [...byText].toSorted(([a], [b]) => compareText(a, b)).map(([, vote]) => vote);
}
