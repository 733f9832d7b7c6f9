import { compareText, type Sha256 } from '#libs/encoding';
import type { Claim, Standing } from './claim.js';
import type { Cluster } from './cluster.js';
import type { Flag } from './flags.js';
import type { Roster } from './roster.js';
import { claimsOf, standingOf } from './vote.js';

/** What it takes to see whether those who won an artifact showed their work. */
export interface WorkFacts {
  readonly artifact: string;
  readonly clusters: readonly Cluster[];
  readonly needed: number;
  readonly roster: Roster;
  readonly standings: ReadonlyMap<string, Standing>;
  /** Flags of the round itself. */
  readonly round: readonly Flag[];
}

const OPEN_HANDED: readonly Flag[] = ['not-blind', 'outside-round'];

/**
 * Tells whether at least `needed` operators of the winning cluster agree on everything that the
 * build left on its way to the artifact, too. The expected digest stands in the proposal for
 * everybody to copy; what is not published can be had by building only, or from somebody who built.
 *
 * Where results are seen before all have committed, copies show as much as originals: nothing is shown
 * there. Agreement is what makes a set count, and complete: who has less of it, or other digests, merely
 * stands outside, and can void nothing. Operators that collude hand the digests round.
 */
export function isWorkShown(facts: WorkFacts): boolean {
  if (OPEN_HANDED.some((flag) => facts.round.includes(flag))) return false;
  const winner = facts.clusters.find(({ operators }) => operators.length >= facts.needed);
  if (winner === undefined) return false;
  const operatorsByWork = new Map<string, number>();
  for (const operator of winner.operators) {
    const work = workOfOperator(operator, facts);
    if (work !== null) operatorsByWork.set(work, (operatorsByWork.get(work) ?? 0) + 1);
  }
  return [...operatorsByWork.values()].some((count) => count >= facts.needed);
}

/** What all builders of an operator that built the artifact show alike; null where one does not. */
function workOfOperator(
  operator: string,
  { artifact, roster, standings }: WorkFacts,
): string | null {
  const builders = roster.find((entry) => entry.operator === operator)?.builders ?? [];
  const works = builders
    .flatMap((builder) => claimsOf(standingOf(standings, builder)))
    .filter((claim) => claim.kind === 'built' && claim.digests.has(artifact))
    .map((claim) => workOfClaim(claim, artifact));
  const [first = null] = works;
  return works.every((work) => work === first) ? first : null;
}

/**
 * The digests that a claim shows for an artifact, as one text; null where there are none or one is
 * missing. A digest that is published as well shows nothing: it is what a copier has. Two claims show
 * the same work exactly where their texts are equal.
 */
export function workOfClaim(claim: Claim, artifact: string): string | null {
  if (claim.kind !== 'built') return null;
  const left = [...(claim.intermediates?.get(artifact) ?? [])];
  if (left.length === 0) return null;
  const published = new Set<Sha256>([
    ...claim.digests.values(),
    ...claim.observations.map(({ digest }) => digest),
  ]);
  const isShown = left.every(([, digests]) => digests !== null && !published.has(digests.sha256));
  if (!isShown) return null;
  // As JSON, so that no name can be chosen to read like two.
  return JSON.stringify(
    left
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([name, digests]) => [name, digests?.sha256, digests?.bound]),
  );
}
