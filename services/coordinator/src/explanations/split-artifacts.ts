import type { Result } from '#libs/attestation';
import type { FactValue, Observation } from '#libs/divergence';
import { asSha256, compareText, type Sha256 } from '#libs/encoding';
import type { LoadedRound } from '../rounds/round-store.js';

/** One builder of a cluster. */
export interface ClusterMember {
  readonly builder: string;
  /** Root of the content manifest that it signed; null where it signed none. */
  readonly manifest: Sha256 | null;
  readonly result: BuiltResult;
}

/** Builders that got the same bytes. */
export interface SplitCluster {
  readonly digest: string;
  /** By id. */
  readonly members: readonly ClusterMember[];
}

/** One artifact of which the builders of a round got different bytes. */
export interface SplitArtifact {
  readonly name: string;
  /** Larger ones first, then by digest. */
  readonly clusters: readonly SplitCluster[];
  readonly observations: readonly Observation[];
}

export type BuiltResult = Extract<Result, { readonly kind: 'built' }>;

type Counted = Pick<LoadedRound, 'open' | 'builders' | 'results'>;

/**
 * Picks the artifacts that split. Every counted result says something of its own machine, those of an
 * operator whose builders contradict each other above all: here builders are looked at, not votes.
 */
export function splitArtifacts(round: Counted): readonly SplitArtifact[] {
  return round.open.release.artifacts.flatMap(({ name }) => {
    const clusters = clustersOf(round, name);
    if (clusters.length < 2) return [];
    return [{ name, clusters, observations: observationsOf(round, clusters) }];
  });
}

/** Tells whether any artifact of a round split. */
export function hasSplit(round: Counted): boolean {
  return round.open.release.artifacts.some(({ name }) => clustersOf(round, name).length > 1);
}

/** Lists what is told of a machine; what was withheld or could not be read is a missing value. */
export function toldFacts({ environment }: Result): Readonly<Record<string, FactValue>> {
  const withheld = new Set(environment.withheld);
  const told = Object.entries(environment.facts).filter(
    ([name, value]) => value !== null && !withheld.has(name),
  );
  return Object.fromEntries(told);
}

function clustersOf({ builders, results }: Counted, name: string): readonly SplitCluster[] {
  const byDigest = new Map<string, ClusterMember[]>();
  for (const { builder, isCounted } of builders) {
    const result = isCounted ? results.get(builder) : undefined;
    if (result?.kind !== 'built') continue;
    const output = result.outputs.find((one) => one.name === name);
    if (output === undefined) continue;
    const manifest = output.manifest === undefined ? null : asSha256(output.manifest);
    const members = byDigest.get(output.sha256) ?? [];
    byDigest.set(output.sha256, [...members, { builder, manifest, result }]);
  }
  return [...byDigest]
    .map(([digest, members]) => ({
      digest,
      members: members.toSorted((a, b) => compareText(a.builder, b.builder)),
    }))
    .toSorted((a, b) => b.members.length - a.members.length || compareText(a.digest, b.digest));
}

function observationsOf(
  { builders }: Counted,
  clusters: readonly SplitCluster[],
): readonly Observation[] {
  const operators = new Map(builders.map(({ builder, operator }) => [builder, operator]));
  return clusters.flatMap(({ digest, members }) =>
    members.map(({ builder, result }) => ({
      builder,
      cluster: digest,
      facts: toldFacts(result),
      operator: operators.get(builder) ?? builder,
    })),
  );
}
