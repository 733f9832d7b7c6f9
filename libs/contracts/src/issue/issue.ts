import {
  causeSentences,
  comparedSentence,
  conclusionWords,
  consequencesSentence,
  locationText,
  MAX_ROWS,
  rootsOf,
  triedSentence,
  valueText,
} from '../report/explanation-words.js';
import { contentsText } from '../report/bytes-text.js';
import type { ExplanationReport, FindingReport } from '../report/explanation.js';
import { fencedLines } from '../report/fence.js';
import { markdownCode as code, markdownText as text } from '../report/plain.js';
import type { Report } from '../report/report.js';
import { titleOf } from '../report/wording.js';
import { bazelTargetOf } from './bazel-targets.js';
import { differingFacts, factOf, sidesOf, type IssueSide } from './issue-side.js';
import { reproduceLines } from './reproduce.js';

const PARAGRAPH_CHARACTERS = 2000;
const SENTENCE_CHARACTERS = 500;
const MAX_FACTS = 60;
const DIFF_LINES = 60;
const COMMAND_LINES = 40;

/**
 * Writes a ticket for the engineers of the system, one for each artifact that split by itself:
 * artifacts that only embed one of those are named there. Empty where nothing was explained.
 */
export function reportIssue(report: Report): string {
  const explanations = report.explanations ?? [];
  const split = explanations.map(({ artifact }) => artifact);
  const impliedBy = new Map(
    report.artifacts.map(({ name, impliedBy: by }) => [
      name,
      by.filter((it) => split.includes(it)),
    ]),
  );
  return explanations
    .filter(({ artifact }) => (impliedBy.get(artifact) ?? []).length === 0)
    .map((explanation) => {
      const embedding = split.filter((name) => impliedBy.get(name)?.includes(explanation.artifact));
      return [...ticketLines(explanation, report, embedding), ''].join('\n');
    })
    .join('\n');
}

function ticketLines(
  explanation: ExplanationReport,
  report: Report,
  embedding: readonly string[],
): string[] {
  const sides = sidesOf(explanation, report);
  const names = differingFacts(sides, explanation);
  return [
    `# ${titleLine(explanation)}`,
    '',
    text(explanation.paragraph, PARAGRAPH_CHARACTERS),
    '',
    ...headLines(explanation, report, embedding),
    ...differenceLines(explanation),
    ...environmentLines(sides, names),
    ...reproductionLines(explanation, report, { sides, names }),
    ...evidenceLines(explanation, report, sides),
  ];
}

function titleLine(explanation: ExplanationReport): string {
  const title = text(titleOf(explanation.artifact));
  const [root] = rootsOf(explanation);
  if (root === undefined) return `${title} does not reproduce`;
  return `${title} does not reproduce: ${root.class} in ${code(locationText(root.difference.location), 120)}`;
}

function headLines(
  explanation: ExplanationReport,
  { release, proposal }: Report,
  embedding: readonly string[],
): string[] {
  const { artifact, firstAffected, suspicions } = explanation;
  const target = bazelTargetOf(artifact);
  const of = proposal === null ? '' : `, proposal ${text(proposal.id)}`;
  return [
    ...(release === null ? [] : [`- Release: ${code(release.name)}${of}`]),
    ...(target === null ? [] : [`- Bazel target: ${code(target)}`]),
    ...(firstAffected === null
      ? []
      : [
          `- First release affected, of those that were rebuilt here: ${code(firstAffected.release)} (round ${code(firstAffected.round.slice(0, 12))}, ${text(firstAffected.openedAt)})`,
        ]),
    `- Conclusion: ${conclusionWords(explanation)}`,
    ...suspicions
      .slice(0, MAX_ROWS)
      .map(
        (suspicion) =>
          `- Cause ${code(suspicion.cause, 80)}: ${text(causeSentences(suspicion), PARAGRAPH_CHARACTERS)}`,
      ),
    ...embedding.map(
      (name) => `- Embedded in ${text(titleOf(name))}, which therefore differs, too`,
    ),
  ];
}

function differenceLines(explanation: ExplanationReport): string[] {
  const roots = rootsOf(explanation);
  const consequences = consequencesSentence(explanation);
  if (roots.length === 0) return [];
  return [
    '',
    '## What differs',
    ...roots.slice(0, MAX_ROWS).flatMap(findingLines),
    ...(roots.length > MAX_ROWS ? ['', `And ${roots.length - MAX_ROWS} more.`] : []),
    ...(consequences === null ? [] : ['', `${text(consequences, SENTENCE_CHARACTERS)}.`]),
  ];
}

function findingLines(finding: FindingReport): string[] {
  const { difference, class: name, detail } = finding;
  const diff = contentsText(finding);
  const { location, aspects, left, right } = difference;
  const keys = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])].toSorted();
  return [
    '',
    `### ${code(locationText(location))}`,
    '',
    `${name} (${aspects.join(', ')}): ${text(detail, SENTENCE_CHARACTERS)}`,
    ...(keys.length === 0 ? [] : ['', '| attribute | left | right |', '|---|---|---|']),
    ...keys
      .slice(0, MAX_ROWS)
      .map((key) => `| ${text(key, 60)} | ${attribute(left, key)} | ${attribute(right, key)} |`),
    ...(diff === undefined ? [] : ['', '```', ...fencedLines(diff, DIFF_LINES), '```']),
  ];
}

function attribute(side: FindingReport['difference']['left'], key: string): string {
  if (side === null || !Object.hasOwn(side, key)) return 'none';
  return code(String(side[key]), 80);
}

function environmentLines(sides: readonly IssueSide[], names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    '',
    '## The environments, where they differ',
    '',
    `| fact | ${sides.map(({ letter, builder }) => `${letter}, ${code(builder.slice(0, 11))}`).join(' | ')} |`,
    `|---|${sides.map(() => '---|').join('')}`,
    ...names.slice(0, MAX_FACTS).map((name) => {
      const values = sides.map((side) => text(valueText(factOf(side, name))));
      return `| ${text(name, 60)} | ${values.join(' | ')} |`;
    }),
    ...(names.length > MAX_FACTS ? ['', `And ${names.length - MAX_FACTS} more facts.`] : []),
  ];
}

function reproductionLines(
  explanation: ExplanationReport,
  { release }: Report,
  { sides, names: differing }: { sides: readonly IssueSide[]; names: readonly string[] },
): string[] {
  if (release === null) return [];
  const suspected = new Set(explanation.suspicions.flatMap(({ facts }) => facts));
  const file = release.artifacts.find(({ name }) => name === explanation.artifact)?.path;
  return [
    '',
    '## To reproduce each side',
    ...sides.flatMap((side) => [
      '',
      `${side.letter} gave ${code(file ?? explanation.artifact)} with SHA-256 ${code(side.digest)}:`,
      '',
      '```',
      ...fencedLines(
        reproduceLines({ release, side, differing, suspected }).join('\n'),
        COMMAND_LINES,
      ),
      '```',
    ]),
  ];
}

function evidenceLines(
  explanation: ExplanationReport,
  { round }: Report,
  sides: readonly IssueSide[],
): string[] {
  const signed = sides.flatMap(({ letter, attestation }) =>
    attestation === null ? [] : [`${letter} ${code(attestation)}`],
  );
  return [
    '',
    '## Evidence',
    '',
    `${triedSentence(explanation)} ${text(comparedSentence(explanation), SENTENCE_CHARACTERS)}`,
    ...(round === null ? [] : ['', `Round ${code(round.round)}.`]),
    ...(signed.length === 0 ? [] : [`Signed results: ${signed.join(', ')}.`]),
  ];
}
