import type { Sha256 } from '#libs/encoding';
import type { ArtifactQuestion, Standing } from './claim.js';
import type { Roster } from './roster.js';
import { claimsOf, standingOf } from './vote.js';

/** The digest an artifact should have, and whether builders not heard yet could still supply it. */
export interface Expectation {
  readonly digest: Sha256 | null;
  readonly mayBecomeKnown: boolean;
}

/**
 * Finds the digest to compare with. The certified payload's wins; without one it is what at least
 * `needed` operators signed as read from the CDN's SHA256SUMS. One builder's word is never enough:
 * it could make its own digest the expected one.
 */
export function expectationOf(
  question: ArtifactQuestion,
  roster: Roster,
  standings: ReadonlyMap<string, Standing>,
  needed: number,
): Expectation {
  if (question.expected !== null) return { digest: question.expected, mayBecomeKnown: false };
  const readings = new Map<Sha256, number>();
  let outstanding = 0;
  for (const operator of roster) {
    const all = operator.builders.map((builder) => standingOf(standings, builder));
    if (all.some(({ kind }) => kind === 'unrevealed')) continue;
    if (all.some(({ kind }) => kind === 'outstanding')) {
      outstanding += 1;
      continue;
    }
    const read = new Set(
      all
        .flatMap(claimsOf)
        .flatMap((claim) => (claim.kind === 'built' ? claim.observations : []))
        .filter(({ artifact, source }) => artifact === question.name && source === 'cdn-sums')
        .map(({ digest }) => digest),
    );
    // An operator that read two different lines vouches for neither.
    const [only] = read;
    if (only !== undefined && read.size === 1) readings.set(only, (readings.get(only) ?? 0) + 1);
  }
  const most = [...readings].find(([, count]) => count >= needed);
  const best = Math.max(0, ...readings.values());
  return {
    digest: most?.[0] ?? null,
    mayBecomeKnown: most === undefined && best + outstanding >= needed,
  };
}
