import type { Intermediate, Result } from '#libs/attestation';
import { asSha256 } from '#libs/encoding';
import type { Claim, WorkDigests } from '#libs/consensus';

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
    // Outside of a round there is no commit before which nobody saw what others left.
    ...(result.intermediates !== undefined &&
      result.round !== null && {
        intermediates: intermediatesByArtifact(result.intermediates),
      }),
  };
}

/** What is on the way to several artifacts counts for each of them. */
function intermediatesByArtifact(
  intermediates: readonly Intermediate[],
): ReadonlyMap<string, ReadonlyMap<string, WorkDigests | null>> {
  const byArtifact = new Map<string, Map<string, WorkDigests | null>>();
  for (const { name, artifacts, found } of intermediates) {
    for (const artifact of artifacts) {
      const own = byArtifact.get(artifact) ?? new Map<string, WorkDigests | null>();
      own.set(name, digestsOf(found));
      byArtifact.set(artifact, own);
    }
  }
  return byArtifact;
}

function digestsOf(found: Intermediate['found']): WorkDigests | null {
  return found && { sha256: asSha256(found.sha256), bound: asSha256(found.bound) };
}
