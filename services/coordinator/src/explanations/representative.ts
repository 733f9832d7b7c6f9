import { DivergenceError } from '#libs/divergence';
import { decodeRoot, ManifestError } from '#libs/manifest';
import type { Sha256 } from '#libs/encoding';
import type { ArtifactAsker } from './artifact-asker.js';
import { QuestionFailed } from './question-failed.js';
import type { ClusterMember, SplitCluster } from './split-artifacts.js';

/** Most builders of one cluster that are tried at one look. */
const MAX_TRIED = 5;

/** A builder that answers for its cluster. */
export interface Representative {
  readonly member: ClusterMember;
  readonly root: Sha256;
  readonly asker: ArtifactAsker;
}

/** Who answers for a cluster now, and whether others may later that come before. */
export interface Answering {
  readonly found: Representative | null;
  readonly mayLater: boolean;
}

/**
 * Picks the first builder of a cluster that gives the root page which it signed. Those in `preferred`
 * come first: one builder's artifacts say more about each other than two builders' do. Those in
 * `failed` come last, in their order: nobody is to silence the others.
 */
export async function findRepresentative(
  cluster: SplitCluster,
  {
    preferred,
    failed,
    askerOf,
  }: {
    readonly preferred: ReadonlySet<string>;
    readonly failed: readonly string[];
    readonly askerOf: (builder: string) => ArtifactAsker;
  },
): Promise<Answering> {
  const order = cluster.members.toSorted(
    (a, b) =>
      failed.indexOf(a.builder) - failed.indexOf(b.builder) ||
      Number(preferred.has(b.builder)) - Number(preferred.has(a.builder)),
  );
  let mayLater = false;
  let tried = 0;
  for (const member of order) {
    const { manifest: root } = member;
    if (root === null) continue;
    if (tried === MAX_TRIED) return { found: null, mayLater: true };
    tried += 1;
    const asker = askerOf(member.builder);
    try {
      const [page] = await asker.pages([root]);
      if (page === null || page === undefined) continue;
      decodeRoot(page, root);
      return { found: { member, root, asker }, mayLater };
    } catch (error) {
      if (!isOfBuilder(error)) throw error;
      mayLater ||= error instanceof QuestionFailed && error.isPassing;
    }
  }
  return { found: null, mayLater };
}

/** Tells what a builder did from what is wrong here. */
export function isOfBuilder(error: unknown): boolean {
  return (
    error instanceof QuestionFailed ||
    error instanceof ManifestError ||
    error instanceof DivergenceError
  );
}
