import type { Report } from '../report/report.js';
import { shortDigest, titleOf } from '../report/wording.js';
import { chatText as text } from './chat-text.js';
import type { Part } from './fit-parts.js';
import type { MemberReview } from './member-review.js';
import type { Permalinks } from './permalinks.js';
import { outcomeWords, reviewHeadline, timelinessWords } from './review-words.js';

const SHOWN_ARTIFACTS = 30;
const SHOWN_BUILDERS = 32;
const SHOWN_DIGESTS = 4;

/** What one member built, what of it matched, and when, for a chat. */
export function reviewPlain(report: Report, review: MemberReview, links: Permalinks): Part[] {
  const headline = reviewHeadline(report, review);
  return [
    {
      lines: [text(headline, 1000), `By ${text(review.member, 60)}.`],
      cuts: [{ rank: 1, lines: [text(headline, 300), `By ${text(review.member, 60)}.`] }],
    },
    ...review.artifacts.slice(0, SHOWN_ARTIFACTS).map((one) => {
      const { artifact, digests } = one;
      const built = digests.slice(0, SHOWN_DIGESTS).map(shortDigest).join(', ');
      const name = `${text(titleOf(artifact.name), 60)}${artifact.elected ? ' (elected)' : ''}`;
      return {
        lines: [`- ${name}: ${outcomeWords(one)}${built === '' ? '' : `: ${built}`}`],
        cuts: [{ rank: artifact.elected ? 2 : 5, lines: [] }],
      };
    }),
    ...review.builders.slice(0, SHOWN_BUILDERS).map(({ builder, timeliness }, at) => {
      const { state, attestation, finishedAt } = builder;
      const when =
        timeliness === null
          ? finishedAt === null
            ? []
            : [`finished at ${finishedAt} by the builder's own clock`]
          : [timelinessWords(timeliness)];
      const url = attestation === null ? [] : [`  ${links.attestation(attestation)}`];
      const line = `- Builder ${text(builder.builder.slice(0, 11))}: ${text([state, ...when].join(', '), 400)}`;
      return { lines: [line, ...url], cuts: [{ rank: at === 0 ? 2 : 7, lines: [] }] };
    }),
    { lines: ['', 'The round as a whole:'], cuts: [{ rank: 1, lines: [''] }] },
  ];
}
