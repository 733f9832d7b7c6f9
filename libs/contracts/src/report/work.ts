import type { ArtifactVerdict } from '#libs/consensus';
import type { WorkReport } from './report.js';
import type { ArtifactReport } from './verdict.js';

/** What is said of an artifact that was reproduced, and of which too few showed the work. */
const CLAIMED_ONLY = 'claimed, not shown';

/**
 * Tells of each artifact that was reproduced whether those who did it showed their work as well. The
 * expected digest stands in the proposal: without the work, nothing keeps anybody from copying it
 * there. Where nothing was reproduced, nothing can have been copied.
 */
export function workOf(
  artifacts: readonly Pick<ArtifactVerdict, 'name' | 'verdict' | 'flags'>[],
): WorkReport[] {
  return artifacts
    .filter(({ verdict }) => verdict === 'reproduced')
    .map(({ name, flags }) => ({
      artifact: name,
      work: flags.includes('work-shown') ? 'shown' : CLAIMED_ONLY,
    }));
}

/** The words beside an artifact whose work was not shown, with a space before them; else none. */
export function workWords(artifact: ArtifactReport): string {
  return workOf([artifact])[0]?.work === CLAIMED_ONLY ? ` (${CLAIMED_ONLY})` : '';
}
