import type { CheckedProvenance } from '#libs/contracts';
import type { Era, Published } from '#libs/icos';
import { readText } from '../read-file.js';
import type { CheckRun } from './run-check.js';

/**
 * Verifies GitHub's build provenance of each SHA256SUMS that was read, offline, when a bundle and a
 * trusted root are given. That a commit is from before there was any is a fact, and no failure.
 *
 * @throws CommandError, ProvenanceError for files that cannot be used
 */
export async function checkProvenance(
  { request, commit, proposal }: CheckRun,
  era: Era | null,
  { sumsFiles }: Published,
): Promise<CheckedProvenance[]> {
  // Two CDNs may serve two files under one name: each has to be attested.
  const distinct = [
    ...new Map(sumsFiles.map((file) => [`${file.path} ${file.sha256}`, file])).values(),
  ];
  if (era?.attestsSums === false) {
    return distinct.map(({ path }) => ({ path, state: 'absent', reason: null }));
  }
  if (request.provenance === null) {
    return distinct.map(({ path }) => ({ path, state: 'not-checked', reason: null }));
  }
  const { DFINITY_POLICY, verifyProvenance } = await import('#libs/provenance');
  const bundles = await readText(request.provenance.bundleFile);
  const trustedRoot = await readText(request.provenance.trustedRootFile);
  return distinct.map(({ path, sha256 }) => {
    const verdict = verifyProvenance({
      ...{ commit, bundles, trustedRoot, sums: { path, sha256 } },
      policy: proposal === null ? DFINITY_POLICY.commit : DFINITY_POLICY.election,
    });
    switch (verdict.state) {
      case 'confirmed': {
        const { workflow, ref, runUrl } = verdict.facts;
        return { path, state: 'confirmed', reason: `${workflow} on ${ref}, ${runUrl ?? 'no run'}` };
      }
      case 'refused':
        return { path, state: 'refused', reason: `${verdict.code}: ${verdict.message}` };
      case 'absent':
        return { path, state: 'not-checked', reason: 'the file holds no bundle' };
    }
  });
}
