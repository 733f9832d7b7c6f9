import type { Sha256 } from '#libs/encoding';
import type { ArtifactName } from '../release/artifact.js';
import { compareSides, side, unseen, type CheckSide, type ReleaseCheck } from './release-check.js';
import type { LocalBuild, ReleaseEvidence } from './release-evidence.js';

/** Gives the digest that a build made of an artifact; null where it made none. */
export function localDigest(name: ArtifactName, build: LocalBuild | null): Sha256 | null {
  return build?.outputs.find(({ artifact }) => artifact === name)?.sha256 ?? null;
}

/** Holds what was built against what each CDN lists, and against the proposal that elects it. */
export function checkLocal(
  artifact: ArtifactName,
  { build, published, proposal }: ReleaseEvidence,
): readonly ReleaseCheck[] {
  if (build === null) return [];
  const digest = localDigest(artifact, build);
  const local: CheckSide =
    digest === null ? unseen('local build', 'the build made none') : side('local build', digest);
  const lines = published.observations
    .filter((one) => one.artifact === artifact && one.role === 'cdn-sums')
    .map(({ url, sha256, error }) =>
      sha256 === null ? unseen(url, error?.message ?? 'not read') : side(url, sha256),
    );
  const compare = (id: ReleaseCheck['id'], other: CheckSide): ReleaseCheck => {
    const sides = [local, other];
    return { id, artifact, state: compareSides(sides), sides };
  };
  return [
    ...lines.map((line) => compare('local-sums', line)),
    ...(proposal?.artifact === artifact
      ? [compare('local-proposal', side('proposal', proposal.sha256))]
      : []),
  ];
}
