import { givesVerdict } from '#libs/attestation';
import { answersSentence } from './answers.js';
import { choiceSentences, remarksOf } from './choice-words.js';
import { letterOf } from './cluster-label.js';
import { explanationMarkdown, failureMarkdown } from './explanation-markdown.js';
import { fencedLines } from './fence.js';
import { markdownCode as code, markdownText as text } from './plain.js';
import type { BuilderReport, Report } from './report.js';
import type { ArtifactReport } from './verdict.js';
import { describe, shortDigest, titleOf, trialOf } from './wording.js';
import { workWords } from './work.js';

/** Writes a report as Markdown for a forum. Deterministic: equal reports give equal text. */
export function reportMarkdown(report: Report): string {
  return [
    `## ${text(report.headline, 1000)}`,
    ...proposalLines(report),
    ...(report.artifacts.length > 0 ? ['', ...artifactTable(report.artifacts)] : []),
    ...report.artifacts.flatMap((artifact) => clusterLines(artifact, report.round?.eligible ?? 0)),
    ...(report.explanations ?? []).flatMap(explanationMarkdown),
    ...failureMarkdown(report.failureGroups ?? []),
    ...(report.builders.length > 0
      ? ['', '### Builders', '', ...builderTable(report.builders)]
      : []),
    ...publishedLines(report),
    ...otherRoundLines(report),
    ...roundLines(report),
    '',
  ].join('\n');
}

/** Names what a report is about. */
export function proposalLines({ proposal, deployment, release }: Report): string[] {
  const lines: string[] = [];
  if (proposal !== null) {
    lines.push('', `Proposal **${text(proposal.id)}**: ${text(proposal.title)}`);
  }
  if (release !== null) lines.push('', `Release ${code(release.name)}`);
  if (deployment !== null)
    lines.push('', `Deploys ${code(deployment.commit)} to ${target(deployment.to)}`);
  return lines;
}

function target(to: NonNullable<Report['deployment']>['to']): string {
  switch (to.kind) {
    case 'subnet':
      return `subnet ${code(to.subnetId)}`;
    case 'unassigned-nodes':
      return 'all unassigned nodes';
    case 'api-boundary-nodes':
      return `${to.nodeIds.length} API boundary nodes`;
    case 'nodes':
      return `${to.nodeIds.length} nodes`;
  }
}

/** One row an artifact: its verdict, clusters by size, what was expected, flags. */
export function artifactTable(artifacts: readonly ArtifactReport[]): string[] {
  return [
    '| artifact | verdict | clusters | expected | flags |',
    '|---|---|---|---|---|',
    ...artifacts.map((artifact) => {
      const sizes = artifact.clusters.map(({ operators }) => operators.length).join('-') || 'none';
      return `| ${text(titleOf(artifact.name))} | **${artifact.verdict}**${workWords(artifact)} | ${sizes} | \`${shortDigest(artifact.expected)}\` | ${artifact.flags.join(', ')} |`;
    }),
  ];
}

/** Who built what of one artifact; nothing where nobody did. `asked` is how many operators were. */
export function clusterLines(artifact: ArtifactReport, asked: number): string[] {
  const { clusters, selfContradicting, impliedBy } = artifact;
  if (clusters.length === 0 && selfContradicting.length === 0) return [];
  const implied = impliedBy.map((name) => text(titleOf(name))).join(', ');
  return [
    '',
    `### ${text(titleOf(artifact.name))}: ${text(describe(artifact, asked))}`,
    '',
    ...clusters.map(
      ({ digest, operators, matchesExpected }, at) =>
        `- **${letterOf(at)}** \`${digest}\`${matchesExpected ? ' (expected)' : ''}: ${operators.map((name) => text(name)).join(', ')}`,
    ),
    ...selfContradicting.map(({ operator, votes }) => {
      const said = votes.map(({ builder, digest }) => `\`${digest}\` by ${shortCode(builder)}`);
      return `- ${text(operator)} contradicts itself: ${said.join(', ')}`;
    }),
    ...(impliedBy.length === 0 ? [] : ['', `Implied by: ${implied}.`]),
  ];
}

/** A builder by the first letters of its id. */
function shortCode(builder: string): string {
  return code(builder.slice(0, 11));
}

/** One row a builder; `more` is the head and the cells of further columns, as Markdown. */
export function builderTable(
  builders: readonly BuilderReport[],
  more: { readonly head: string; readonly cell: (one: BuilderReport) => string } | null = null,
): string[] {
  return [
    `| operator | builder | state | failure |${more === null ? '' : ` ${more.head} |`}`,
    `|---|---|---|---|${more === null ? '' : '---|'}`,
    ...builders.map((one) => {
      const { operator, builder, state, failure } = one;
      const failed = failure === null ? [] : [`${failure.stage}: ${failure.class}`];
      const why = [...failed, ...remarksOf(one)].join(', ');
      return `| ${text(operator)} | ${shortCode(builder)} | ${state} | ${text(why)} |${more === null ? '' : ` ${more.cell(one)} |`}`;
    }),
  ];
}

/** What different builders read differently from one place. */
export function publishedLines({ published }: Report): string[] {
  const disputed = published.filter(({ readings }) => readings.length > 1);
  if (disputed.length === 0) return [];
  return [
    '',
    '### Published differently to different builders',
    '',
    ...disputed.flatMap(({ url, readings }) =>
      readings.map(
        ({ sha256, error, builders }) =>
          `- ${code(url, 300)}: ${sha256 === null ? text(error ?? 'no answer') : `\`${sha256}\``} (${builders.length} ${builders.length === 1 ? 'builder' : 'builders'})`,
      ),
    ),
  ];
}

/** Other rounds on the same commit. */
export function otherRoundLines({ otherRounds }: Report): string[] {
  if (otherRounds.length === 0) return [];
  return [
    '',
    '### Other rounds on this commit',
    '',
    ...otherRounds.map(
      ({ round, phase, openedAt, verdicts, ...purpose }) =>
        `- \`${round.slice(0, 12)}\` ${text(openedAt)} ${phase}: ${verdicts.map(({ name, verdict }) => `${text(titleOf(name))} ${verdict}`).join(', ') || (givesVerdict(purpose) ? 'no verdict yet' : `${trialOf(purpose)}, no verdict`)}`,
    ),
  ];
}

/** The round, how it was filled, who stands behind its verdict, and the checkpoint it is in. */
export function roundLines({ round, log, answers, builders }: Report): string[] {
  if (round === null) return [];
  return [
    '',
    givesVerdict(round)
      ? `Round \`${round.round}\`: ${round.phase}, ${round.needed} of ${round.eligible} operators have to agree.`
      : `Round \`${round.round}\`: ${round.phase}, ${trialOf(round)} without a verdict.`,
    ...(round.choice === undefined ? [] : ['', `${text(choiceSentences(round.choice), 2000)}.`]),
    ...(answers === undefined ? [] : ['', text(answersSentence(answers, builders.length), 2000)]),
    ...(log === null ? [] : ['', '```', ...fencedLines(log.checkpoint, 100), '```']),
  ];
}
