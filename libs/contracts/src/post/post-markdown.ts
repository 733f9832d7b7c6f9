import { explanationMarkdown, failureMarkdown } from '../report/explanation-markdown.js';
import type { ExplanationReport } from '../report/explanation.js';
import { fencedLines } from '../report/fence.js';
import {
  artifactTable,
  builderTable,
  clusterLines,
  otherRoundLines,
  proposalLines,
  publishedLines,
  roundLines,
} from '../report/markdown.js';
import { markdownCode as code, markdownText as text } from '../report/plain.js';
import type { BuilderReport, Report } from '../report/report.js';
import { titleOf } from '../report/wording.js';
import { fitParts, type Part } from './fit-parts.js';
import { memberReviewOf } from './member-review.js';
import { permalinksOf, type Permalinks } from './permalinks.js';
import { FORUM_CHARACTERS, type PostOptions } from './post-options.js';
import { reviewMarkdown } from './review-markdown.js';
import { verifyWords } from './verify-words.js';

const SHOWN_ARTIFACTS = 30;
const COMMAND_LINES = 5;

/**
 * Writes a report as a post for a forum: verdict, table, clusters, explanation, who built, how to
 * verify, permalinks; for a member first what that member built and when. Deterministic: equal
 * reports give equal text. What does not fit into `limit` characters (32,000) is shortened, least
 * important first, and said to be; nothing in a report can end a table, a code or the post.
 */
export function postMarkdown(report: Report, options: PostOptions): string {
  const links = permalinksOf(options.origin);
  const note = ['', '*Shortened: the page of the round has all of it.*'];
  return fitParts([...opening(report, options, links), ...body(report, links)], {
    limit: options.limit ?? FORUM_CHARACTERS,
    note,
  });
}

function opening(report: Report, { member }: PostOptions, links: Permalinks): Part[] {
  const headline = text(report.headline, 1000);
  if (member === undefined) return [{ lines: [`## ${headline}`, ...linkLines(report, links)] }];
  const review = memberReviewOf(report, member);
  const own =
    review === null
      ? [`## ${text(member)} was not asked in this round`]
      : reviewMarkdown(report, review, links);
  return [
    { lines: own },
    { lines: ['', '### The round as a whole', '', headline, ...linkLines(report, links)] },
  ];
}

function body(report: Report, links: Permalinks): Part[] {
  const { artifacts, round, builders, explanations = [] } = report;
  const shown = artifacts.slice(0, SHOWN_ARTIFACTS);
  const asked = round?.eligible ?? 0;
  return [
    { lines: proposalLines(report), cuts: [{ rank: 0, lines: [] }] },
    ...(shown.length === 0
      ? []
      : [{ lines: ['', ...artifactTable(shown)], cuts: [{ rank: 1, lines: [] }] }]),
    ...shown.map((artifact) => ({
      lines: clusterLines(artifact, asked),
      cuts: [{ rank: artifact.elected ? 3 : 4, lines: [] }],
    })),
    ...explanations.map((explanation) => ({
      lines: explanationMarkdown(explanation),
      cuts: [
        { rank: 9, lines: inShort(explanation) },
        { rank: 5, lines: [] },
      ],
    })),
    { lines: failureMarkdown(report.failureGroups ?? []), cuts: [{ rank: 6, lines: [] }] },
    ...(builders.length === 0
      ? []
      : [{ lines: builderLines(builders, links), cuts: [{ rank: 7, lines: [] }] }]),
    { lines: publishedLines(report), cuts: [{ rank: 6, lines: [] }] },
    { lines: otherRoundLines(report), cuts: [{ rank: 6, lines: [] }] },
    { lines: verifyLines(report, links), cuts: [{ rank: 2, lines: [] }] },
    { lines: roundLines(report), cuts: [{ rank: 8, lines: [] }] },
  ];
}

/** The page of the round, and that of the proposal. */
function linkLines({ round, proposal }: Report, links: Permalinks): string[] {
  const url = proposal === null ? null : links.proposal(proposal.id);
  const all = [
    ...(round === null
      ? []
      : [`[Round \`${round.round.slice(0, 12)}\`](${links.round(round.round)})`]),
    ...(url === null || proposal === null ? [] : [`[Proposal ${text(proposal.id)}](${url})`]),
  ];
  return all.length === 0 ? [] : ['', all.join(' · ')];
}

function builderLines(builders: readonly BuilderReport[], links: Permalinks): string[] {
  const cell = ({ attestation }: BuilderReport): string =>
    attestation === null
      ? ''
      : `[\`${attestation.slice(0, 12)}\`](${links.attestation(attestation)})`;
  return ['', '### Builders', '', ...builderTable(builders, { head: 'signed result', cell })];
}

function inShort({ artifact, paragraph }: ExplanationReport): string[] {
  return ['', `### Why ${text(titleOf(artifact))} differs`, '', text(paragraph, 2000)];
}

function verifyLines(report: Report, links: Permalinks): string[] {
  const words = verifyWords(report, links);
  if (words === null) return [];
  const { sentence, commands } = words;
  const origin = report.log === null ? [] : [`The log is ${code(report.log.origin)}.`];
  return [
    '',
    '### How to verify',
    '',
    [sentence, ...origin].join(' '),
    ...(commands.length === 0
      ? []
      : ['', '```', ...fencedLines(commands.join('\n'), COMMAND_LINES), '```']),
  ];
}
