import { letterOf } from '../report/cluster-label.js';
import type { Report } from '../report/report.js';
import type { ArtifactReport } from '../report/verdict.js';
import { describe, shortDigest, titleOf } from '../report/wording.js';
import { workWords } from '../report/work.js';
import { chatText as text } from './chat-text.js';
import { fitParts, type Part } from './fit-parts.js';
import { memberReviewOf } from './member-review.js';
import { permalinksOf, type Permalinks } from './permalinks.js';
import type { PostOptions } from './post-options.js';
import { reviewPlain } from './review-plain.js';
import { verifyWords } from './verify-words.js';

const PLAIN_CHARACTERS = 10_000;
const SHOWN_ARTIFACTS = 30;
const SHOWN_OPERATORS = 40;
const SHORT_PARAGRAPH = 300;

/**
 * Writes a report as text for a chat, whether that reads Markdown or not: the same as the forum's
 * post, without tables. At most `limit` characters (10,000; `DISCORD_CHARACTERS` for Discord), least
 * important parts left out first. Deterministic; nothing in a report can mention, link or hide.
 */
export function postPlain(report: Report, options: PostOptions): string {
  const links = permalinksOf(options.origin);
  return fitParts([...opening(report, options, links), ...body(report, links)], {
    limit: options.limit ?? PLAIN_CHARACTERS,
    note: ['Shortened: the page of the round has all of it.'],
  });
}

function opening(report: Report, { member }: PostOptions, links: Permalinks): Part[] {
  const headline: Part = {
    lines: [text(report.headline, 1000)],
    cuts: [{ rank: 1, lines: [text(report.headline, SHORT_PARAGRAPH)] }],
  };
  const url = urlOf(report, links);
  const where: Part = { lines: url === null ? [] : [url] };
  if (member === undefined) return [headline, where];
  const review = memberReviewOf(report, member);
  return [
    ...(review === null
      ? [{ lines: [`${text(member)} was not asked in this round.`, ''] }]
      : reviewPlain(report, review, links)),
    headline,
    where,
  ];
}

function urlOf({ round, proposal }: Report, links: Permalinks): string | null {
  if (round !== null) return links.round(round.round);
  return proposal === null ? null : links.proposal(proposal.id);
}

function body(report: Report, links: Permalinks): Part[] {
  const { artifacts, round, explanations = [] } = report;
  const asked = round?.eligible ?? 0;
  return [
    { lines: [''], cuts: [{ rank: 0, lines: [] }] },
    ...artifacts.slice(0, SHOWN_ARTIFACTS).map((artifact) => ({
      lines: [verdictLine(artifact, asked), ...clusterLines(artifact)],
      cuts: [
        { rank: artifact.elected ? 5 : 6, lines: [verdictLine(artifact, asked)] },
        { rank: artifact.elected ? 2 : 3, lines: [] },
      ],
    })),
    ...explanations.map(({ artifact, paragraph }) => {
      const why = (limit: number): string[] => [
        '',
        `Why ${text(titleOf(artifact), 60)} differs: ${text(paragraph, limit)}`,
      ];
      return {
        lines: why(2000),
        cuts: [
          { rank: 7, lines: why(SHORT_PARAGRAPH) },
          { rank: 4, lines: [] },
        ],
      };
    }),
    { lines: signedLines(report, links), cuts: [{ rank: 9, lines: [] }] },
    { lines: verifyLines(report, links), cuts: [{ rank: 1, lines: [] }] },
    { lines: checkpointLines(report), cuts: [{ rank: 8, lines: [] }] },
  ];
}

function verdictLine(artifact: ArtifactReport, asked: number): string {
  const name = `${text(titleOf(artifact.name), 60)}${artifact.elected ? ' (elected)' : ''}`;
  return `- ${name}: ${text(describe(artifact, asked))}${workWords(artifact)}`;
}

function clusterLines({ clusters, expected }: ArtifactReport): string[] {
  if (clusters.length === 0) return [];
  return [
    `  expected ${shortDigest(expected)}`,
    ...clusters.map(({ digest, operators, matchesExpected }, at) => {
      const names = operators.slice(0, SHOWN_OPERATORS).map((name) => text(name, 60));
      const more = operators.length > names.length ? ' and others' : '';
      return `  ${letterOf(at)} ${shortDigest(digest)}${matchesExpected ? ' (expected)' : ''}: ${names.join(', ')}${more}`;
    }),
  ];
}

function signedLines({ builders }: Report, links: Permalinks): string[] {
  const signed = builders.flatMap(({ operator, attestation }) =>
    attestation === null ? [] : [`- ${text(operator, 60)}: ${links.attestation(attestation)}`],
  );
  return signed.length === 0 ? [] : ['', 'Signed results:', ...signed];
}

function verifyLines(report: Report, links: Permalinks): string[] {
  const words = verifyWords(report, links);
  if (words === null) return [];
  return ['', `How to verify: ${words.sentence}`, ...words.commands.map((line) => `  ${line}`)];
}

/** A checkpoint that many have seen cannot be taken back. */
function checkpointLines({ log }: Report): string[] {
  const [origin, size, root] = log?.checkpoint.split('\n', 3) ?? [];
  if (origin === undefined || size === undefined || root === undefined) return [];
  return ['', `Log ${text(origin)}, ${text(size, 20)} entries: ${text(root, 60)}`];
}
