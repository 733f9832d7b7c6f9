import type { Result } from '#libs/attestation';
import { asSha256 } from '#libs/encoding';
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
  };
}
