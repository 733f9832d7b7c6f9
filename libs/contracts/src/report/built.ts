import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { workOfClaim, type Claim } from '#libs/consensus';
import { sha256 } from '#libs/encoding';

/** One artifact as one builder built it. */
export const BuiltReport = z.object({
  artifact: z.string(),
  sha256: Sha256Text,
  /**
   * Digest over everything that the build left on its way to the artifact: two builders with the same
   * one showed the same work. Null where a builder showed none, or some of it only.
   */
  work: Sha256Text.nullable(),
});
export type BuiltReport = z.infer<typeof BuiltReport>;

/** Lists what a claim says was built, in its order; nothing for a failure. */
export function builtReports(claim: Claim): BuiltReport[] {
  if (claim.kind !== 'built') return [];
  return [...claim.digests].map(([artifact, digest]) => {
    const work = workOfClaim(claim, artifact);
    return { artifact, sha256: digest, work: work === null ? null : sha256(work) };
  });
}
