import type { Intermediate, Result } from '#libs/attestation';
import { asSha256, type Sha256 } from '#libs/encoding';
import type { Claim } from '#libs/consensus';

/** Turns a verified result into the claim that is counted. */
export function claimOf(result: Result): Claim {
  if (result.kind === 'failed') {
    return {
      kind: 'failed',
      builder: result.builder,
      stage: result.stage,
      class: result.class,
    };
  }
  return {
    kind: 'built',
    builder: result.builder,
    digests: new Map(result.outputs.map(({ name, sha256 }) => [name, asSha256(sha256)])),
    observations: result.published.flatMap(({ artifact, source, url, sha256 }) =>
      sha256 === null ? [] : [{ artifact, source, url, digest: asSha256(sha256) }],
    ),
    ...(result.intermediates !== undefined && {
      intermediates: intermediatesByArtifact(result.intermediates),
    }),
  };
}

/** What is on the way to several artifacts counts for each of them. */
function intermediatesByArtifact(
  intermediates: readonly Intermediate[],
): ReadonlyMap<string, ReadonlyMap<string, Sha256 | null>> {
  const byArtifact = new Map<string, Map<string, Sha256 | null>>();
  for (const { name, artifacts, sha256 } of intermediates) {
    for (const artifact of artifacts) {
      const own = byArtifact.get(artifact) ?? new Map<string, Sha256 | null>();
      own.set(name, sha256 === null ? null : asSha256(sha256));
      byArtifact.set(artifact, own);
    }
  }
  return byArtifact;
}
