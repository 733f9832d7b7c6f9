import { compareText, type Sha256 } from '#libs/encoding';
import type { Vote } from './vote.js';

/** The operators, and their builders, that got one digest. */
export interface Cluster {
  readonly digest: Sha256;
  readonly operators: readonly string[];
  readonly builders: readonly string[];
  readonly matchesExpected: boolean;
}

/**
 * Groups votes by digest. More votes come first, then the expected digest, then the smaller one, so
 * that equal votes give equal output whatever order they arrived in.
 */
export function clusterVotes(
  votes: ReadonlyMap<string, Vote>,
  expected: Sha256 | null,
): readonly Cluster[] {
  const byDigest = new Map<Sha256, { operators: string[]; builders: string[] }>();
  for (const [operator, vote] of votes) {
    if (vote.kind !== 'digest') continue;
    const group = byDigest.get(vote.digest) ?? { operators: [], builders: [] };
    group.operators.push(operator);
    group.builders.push(...vote.builders);
    byDigest.set(vote.digest, group);
  }
  return [...byDigest]
    .map(([digest, { operators, builders }]) => ({
      digest,
      operators: operators.toSorted(compareText),
      builders: builders.toSorted(compareText),
      matchesExpected: digest === expected,
    }))
    .toSorted(
      (a, b) =>
        b.operators.length - a.operators.length ||
        Number(b.matchesExpected) - Number(a.matchesExpected) ||
        compareText(a.digest, b.digest),
    );
}
