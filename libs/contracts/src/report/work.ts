import type { ArtifactReport } from './verdict.js';

/** What is said of an artifact that was reproduced, and of which too few showed the work. */
export const CLAIMED_ONLY = 'claimed, not shown';

/**
 * Tells whether those who reproduced an artifact showed their work as well. The expected digest
 * stands in the proposal: without the work, nothing keeps anybody from copying it there. Undefined
 * where nothing was reproduced, and so nothing can have been copied.
 */
export function workOf({
  verdict,
  flags,
}: Pick<ArtifactReport, 'verdict' | 'flags'>): ArtifactReport['work'] {
  if (verdict !== 'reproduced') return undefined;
  return flags.includes('work-shown') ? 'shown' : CLAIMED_ONLY;
}

/** The same artifact with what {@link workOf} says of it. */
export function withWork(artifact: ArtifactReport): ArtifactReport {
  const work = workOf(artifact);
  return work === undefined ? artifact : { ...artifact, work };
}

/** The words beside an artifact whose work was not shown, with a space before them; else none. */
export function workWords(artifact: ArtifactReport): string {
  return workOf(artifact) === CLAIMED_ONLY ? ` (${CLAIMED_ONLY})` : '';
}
