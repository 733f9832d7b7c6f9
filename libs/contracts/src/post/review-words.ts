import type { Report } from '../report/report.js';
import { titleOf } from '../report/wording.js';
import type { MemberReview, ReviewedArtifact } from './member-review.js';
import { stretchWords, type Timeliness } from './timeliness.js';

const OUTCOMES: Readonly<Record<ReviewedArtifact['outcome'], string>> = {
  matches: 'matches what is expected',
  differs: 'differs from what is expected',
  'nothing-to-compare': 'built, with nothing published to compare',
  'contradicts-itself': 'my builders contradict each other',
  failed: 'did not build',
  late: 'too late to count',
  unrevealed: 'committed, and not shown',
  nothing: 'no result',
};

/** Says what an operator came to for one artifact, as the end of a sentence. */
export function outcomeWords({ outcome }: Pick<ReviewedArtifact, 'outcome'>): string {
  return OUTCOMES[outcome];
}

/**
 * Writes the line that a member's post begins with: of what the proposal elects, or of everything
 * where it elects nothing. Nothing is made safe to print.
 */
export function reviewHeadline(report: Report, review: MemberReview): string {
  const { proposal, release } = report;
  const subject = proposal === null ? (release?.name ?? 'a release') : `proposal ${proposal.id}`;
  const elected = review.artifacts.filter(({ artifact }) => artifact.elected);
  const main = elected.length > 0 ? elected : review.artifacts;
  const said = main.map((one) => `${titleOf(one.artifact.name)} ${saidOf(one)}`);
  const what = said.length === 0 ? 'there is nothing to build' : said.join('; ');
  return `My review of ${subject}: ${what}.`;
}

/** As it follows a title: a result that is none needs a colon there. */
function saidOf({ outcome }: ReviewedArtifact): string {
  const words = OUTCOMES[outcome];
  return outcome === 'matches' || outcome === 'differs' || outcome === 'failed'
    ? words
    : `– ${words}`;
}

/** Says when a builder attested, beside the vote's deadline. */
export function timelinessWords({ is, by, at, deadlineAt, apartMs }: Timeliness): string {
  const apart = `${stretchWords(apartMs)} ${is} the vote's deadline at ${deadlineAt}`;
  switch (by) {
    case 'close':
      return `committed in the log before the round closed at ${at}, ${apart}`;
    case 'open':
      return `in a round that was opened at ${at}, ${apart}`;
    case 'builder':
      return `finished at ${at} by the builder's own clock, ${apart}`;
  }
}
