import { markdownCode as code, markdownText as text } from '../report/plain.js';
import type { Report } from '../report/report.js';
import { describe, titleOf } from '../report/wording.js';
import type { MemberReview } from './member-review.js';
import type { Permalinks } from './permalinks.js';
import { outcomeWords, reviewHeadline, timelinessWords } from './review-words.js';

const SHOWN_ARTIFACTS = 30;
const SHOWN_BUILDERS = 32;
const SHOWN_DIGESTS = 4;

/** What one member built, what of it matched, and when: the beginning of that member's own post. */
export function reviewMarkdown(report: Report, review: MemberReview, links: Permalinks): string[] {
  const artifacts = review.artifacts.slice(0, SHOWN_ARTIFACTS);
  return [
    `## ${text(reviewHeadline(report, review), 1000)}`,
    '',
    `By **${text(review.member)}**.`,
    ...(artifacts.length === 0
      ? []
      : ['', '| artifact | what I built | result | in the round |', '|---|---|---|---|']),
    ...artifacts.map(({ artifact, outcome, digests }) => {
      const built = digests.slice(0, SHOWN_DIGESTS).map((digest) => `\`${digest}\``);
      const name = `${text(titleOf(artifact.name))}${artifact.elected ? ' (elected)' : ''}`;
      return `| ${name} | ${built.join(', ')} | **${outcomeWords({ outcome })}** | ${text(describe(artifact, report.round?.eligible ?? 0))} |`;
    }),
    '',
    ...review.builders.slice(0, SHOWN_BUILDERS).map(({ builder: one, timeliness }) => {
      const { builder, state, attestation, finishedAt, failure } = one;
      const when =
        timeliness === null
          ? finishedAt === null
            ? []
            : [`finished at ${finishedAt} by the builder's own clock`]
          : [timelinessWords(timeliness)];
      const failed = failure === null ? [] : [`${failure.stage}: ${failure.class}`];
      const signed =
        attestation === null
          ? ''
          : `, [signed result \`${attestation.slice(0, 12)}\`](${links.attestation(attestation)})`;
      return `- Builder ${code(builder)}: ${text([state, ...failed, ...when].join(', '), 500)}${signed}`;
    }),
  ];
}
