import { isSha256, type CommitId } from '#libs/encoding';
import type { RebuildEnd } from './rebuild-release.js';

/**
 * Names what went into a build by its digests, as a signed result lists it: the commit with its tree,
 * the commit's own script, and the image of the container that it was seen to run in. What is not
 * known is left out: the tree is signed, so a commit id that two trees were made to have is told
 * apart by it.
 */
export function inputsOfRebuild(
  commit: CommitId,
  { source, scriptSha256, container }: RebuildEnd,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const image = /^sha256:(.*)$/.exec(container?.imageDigest ?? '')?.[1] ?? '';
  return {
    source: { gitCommit: commit, ...(source !== null && { gitTree: source.treeId }) },
    ...(scriptSha256 !== null && { 'build-script': { sha256: scriptSha256 } }),
    ...(isSha256(image) && { 'build-image': { sha256: image } }),
  };
}
