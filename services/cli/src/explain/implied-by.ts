import type { Release } from '#libs/attestation';
import type { ToldArtifact } from './told-artifacts.js';

/**
 * Names the artifacts that one embeds and that explain every difference of it: whoever differ here,
 * differ there too. None where the release is not known.
 */
export function impliedBy(
  told: ToldArtifact,
  beside: readonly ToldArtifact[],
  release: Release | undefined,
): string[] {
  const embeds = release?.artifacts.find(({ name }) => name === told.artifact)?.embeds ?? [];
  const inner = beside.filter(
    ({ release: name, artifact }) => name === told.release && embeds.includes(artifact),
  );
  const digests = inner.map(
    ({ observations }) => new Map(observations.map(({ builder, cluster }) => [builder, cluster])),
  );
  const ofInner = ({ builder }: { readonly builder: string }): string =>
    JSON.stringify(digests.map((known) => known.get(builder) ?? null));
  const clusters = new Map<string, string>();
  for (const observation of told.observations) {
    const key = ofInner(observation);
    if ((clusters.get(key) ?? observation.cluster) !== observation.cluster) return [];
    clusters.set(key, observation.cluster);
  }
  return inner
    .filter((_, i) => new Set(digests[i]?.values()).size > 1)
    .map(({ artifact }) => artifact);
}
