import { subjectName, verdictStatement, type RoundOpen, type Statement } from '#libs/attestation';
import { FLAGS, VERDICTS, type ArtifactVerdict, type Cluster } from '#libs/consensus';
import { asSha256 } from '#libs/encoding';

/** No log has a higher index, no roster more builders, and no number more digits. */
const MOST = Number.MAX_SAFE_INTEGER;
const DIGEST = asSha256('f'.repeat(64));
/** Longer than any version of this program is called. */
const VERSION = 'v'.repeat(64);
const LONGEST_VERDICT = VERDICTS.toSorted((a, b) => b.length - a.length)[0] ?? 'pending';

/**
 * Makes a statement that no verdict of a round is longer than, whatever its builders send: as canonical
 * JSON in UTF-8, and so as an envelope too. In it each builder got a digest of its own for every
 * artifact, and everything that can be told beside is told.
 *
 * It is an upper bound, because each builder has one commit and one result among the inputs, stands in
 * at most one list of an artifact, and is in none of them longer than alone in a cluster: there it
 * brings its operator's name and 135 characters beside its own; as a vote of an operator that
 * contradicts itself 91, and a share of its name; as failed its operator's name and at most 124; in the
 * other lists less.
 */
export function largestVerdict(
  { release, roster }: Pick<RoundOpen, 'release' | 'roster'>,
  origin: string,
): Statement {
  const clusters = roster.flatMap(({ operator, builders }) =>
    builders.map(({ builder }) => loneCluster(operator, builder)),
  );
  const input = { uri: `log:${origin}#${MOST}`, digest: { sha256: DIGEST } };
  return verdictStatement({
    coordinatorKeyId: DIGEST,
    version: VERSION,
    decidedAt: '2026-01-01T00:00:00.000Z',
    round: DIGEST,
    releaseName: release.name,
    policySha256: DIGEST,
    isPassed: true,
    needed: MOST,
    eligible: MOST,
    subject: [
      { name: release.name, digest: release.source.digest },
      ...release.artifacts.map((artifact) => ({
        name: subjectName(release, artifact),
        digest: { sha256: DIGEST },
      })),
    ],
    inputs: clusters.flatMap(() => [input, input]),
    artifacts: release.artifacts.map(({ name, embeds }): ArtifactVerdict => ({
      ...{ name, elected: false, expected: DIGEST, verdict: LONGEST_VERDICT, needed: MOST },
      ...{ flags: FLAGS, clusters, selfContradicting: [], impliedBy: embeds },
      ...{ failed: [], missing: [], unrevealed: [], late: [] },
    })),
  });
}

function loneCluster(operator: string, builder: string): Cluster {
  return {
    digest: DIGEST,
    operators: [operator],
    builders: [builder],
    matchesExpected: false,
  };
}
