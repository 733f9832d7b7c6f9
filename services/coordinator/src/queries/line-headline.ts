import { headlineOf, type ArtifactReport, type ArtifactSummary } from '#libs/contracts';
import type { RoundRow } from './round-query.js';
import type { RoundLine } from './round-lines.service.js';

/** Writes a round's headline of what a list knows of it: the same as its report has. */
export function lineHeadline(
  { release, proposalId }: Pick<RoundRow, 'release' | 'proposalId'>,
  { artifacts, eligible, purpose }: RoundLine,
): string {
  return headlineOf({
    ...{ kind: 'round', deployment: null, round: { eligible, ...purpose } },
    release: { name: release, source: { uri: null, digest: {} }, artifacts: [] },
    proposal: proposalId === null ? null : { id: proposalId, unelects: [] },
    artifacts: artifacts.map(inFull),
  });
}

/** A headline counts operators, and names none. */
function inFull({ clusters, ...artifact }: ArtifactSummary): ArtifactReport {
  return {
    ...artifact,
    clusters: clusters.map(({ digest, operators, matchesExpected }) => ({
      digest,
      matchesExpected,
      builders: [],
      operators: Array<string>(operators).fill(''),
    })),
    ...{ failed: [], missing: [], unrevealed: [], late: [], selfContradicting: [], impliedBy: [] },
  };
}
