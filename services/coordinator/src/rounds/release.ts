import type { Release } from '#libs/attestation';
import { CURRENT_ERA, releasePath } from '#libs/icos';
import type { Elects } from '#libs/nns';

const ELECTED = { guestos: 'guestos/update-img', hostos: 'hostos/update-img' } as const;

/**
 * Says what is asked about a commit: every artifact of an IC-OS build, of which the proposal, if any,
 * elects one and names its digest. Artifacts that a commit's era does not make stay unanswered.
 */
export function releaseOf(commit: string, election: Elects | null): Release {
  return {
    name: `ic/${commit}`,
    source: { uri: null, digest: { gitCommit: commit } },
    artifacts: CURRENT_ERA.artifacts.map((spec) => {
      const isElected = election !== null && spec.name === ELECTED[election.os];
      return {
        name: spec.name,
        path: releasePath(spec),
        expected: isElected ? election.sha256 : null,
        elected: isElected,
        embeds: [...spec.embeds],
      };
    }),
  };
}
