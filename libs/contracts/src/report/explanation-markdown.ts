import { contentsText } from './bytes-text.js';
import {
  causeSentences,
  comparedSentence,
  conclusionWords,
  consequencesSentence,
  factNames,
  failureSentence,
  isAllBrought,
  locationText,
  MAX_ROWS,
  probability,
  rootsOf,
  shownSeparators,
  strengthWords,
  triedSentence,
  valuesText,
} from './explanation-words.js';
import type {
  ExplanationReport,
  FailureGroupReport,
  FindingReport,
  SeparatorReport,
} from './explanation.js';
import { fencedLines } from './fence.js';
import { markdownCode as code, markdownText as text } from './plain.js';
import { titleOf } from './wording.js';

const PARAGRAPH_CHARACTERS = 2000;
const SENTENCE_CHARACTERS = 500;
const DIFFS_SHOWN = 3;
const DIFF_LINES = 24;

/** Explains one split artifact: the paragraph for a voter, then what an engineer asks for. */
export function explanationMarkdown(explanation: ExplanationReport): string[] {
  const { artifact, paragraph, next, firstAffected } = explanation;
  const suspicions = isAllBrought(explanation) ? [] : explanation.suspicions;
  return [
    '',
    `### Why ${text(titleOf(artifact))} differs: ${conclusionWords(explanation)}`,
    '',
    text(paragraph, PARAGRAPH_CHARACTERS),
    ...findingLines(explanation),
    ...suspicions
      .slice(0, MAX_ROWS)
      .map(
        (suspicion) =>
          `- ${code(suspicion.cause, 80)}: ${text(causeSentences(suspicion), PARAGRAPH_CHARACTERS)}`,
      ),
    ...separatorLines(explanation),
    '',
    `${triedSentence(explanation)} ${text(comparedSentence(explanation), SENTENCE_CHARACTERS)}`,
    ...(firstAffected === null
      ? []
      : ['', `First seen in ${code(firstAffected.release)}, ${text(firstAffected.openedAt)}.`]),
    ...(next === null ? [] : ['', `Next experiment: ${text(next.text, SENTENCE_CHARACTERS)}`]),
  ];
}

/** Tells how builds failed, apart from what differed. */
export function failureMarkdown(groups: readonly FailureGroupReport[]): string[] {
  if (groups.length === 0) return [];
  return [
    '',
    '### Builds that failed',
    '',
    ...groups.slice(0, MAX_ROWS).map((group) => {
      return `- ${text(failureSentence(group), SENTENCE_CHARACTERS)} Seen: ${code(group.line)}`;
    }),
  ];
}

function findingLines(explanation: ExplanationReport): string[] {
  const roots = rootsOf(explanation);
  const consequences = consequencesSentence(explanation);
  if (roots.length === 0 && consequences === null) return [''];
  return [
    '',
    '| where | what | class | seen |',
    '|---|---|---|---|',
    ...roots.slice(0, MAX_ROWS).map(findingRow),
    ...(roots.length > MAX_ROWS ? ['', `And ${roots.length - MAX_ROWS} more.`] : []),
    ...(consequences === null ? [] : ['', `${text(consequences, SENTENCE_CHARACTERS)}.`]),
    ...roots.slice(0, DIFFS_SHOWN).flatMap(diffLines),
    '',
  ];
}

function findingRow({ difference, class: name, detail }: FindingReport): string {
  const { location, aspects } = difference;
  return `| ${code(locationText(location))} | ${aspects.join(', ')} | ${name} | ${text(detail)} |`;
}

function diffLines(finding: FindingReport): string[] {
  const diff = contentsText(finding);
  return diff === undefined ? [] : ['', '```', ...fencedLines(diff, DIFF_LINES), '```'];
}

function separatorLines(explanation: ExplanationReport): string[] {
  const separators = shownSeparators(explanation);
  if (separators.length === 0) return [];
  return [
    '',
    '| facts that go with the bytes | values | p | corrected | |',
    '|---|---|---|---|---|',
    ...separators.slice(0, MAX_ROWS).map(separatorRow),
  ];
}

function separatorRow(group: SeparatorReport): string {
  return `| ${text(factNames(group), SENTENCE_CHARACTERS)} | ${text(valuesText(group), SENTENCE_CHARACTERS)} | ${probability(group.pValue)} | ${probability(group.correctedP)} | ${strengthWords(group)} |`;
}
