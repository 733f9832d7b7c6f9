import {
  causeSentences,
  comparedSentence,
  conclusionWords,
  consequencesSentence,
  factNames,
  failureSentence,
  isAllBrought,
  locationText,
  probability,
  rootsOf,
  shownSeparators,
  strengthWords,
  triedSentence,
  valuesText,
} from './explanation-words.js';
import type { ExplanationReport, FailureGroupReport } from './explanation.js';
import { plain } from './plain.js';
import { titleOf } from './wording.js';

const PARAGRAPH_CHARACTERS = 2000;
const SENTENCE_CHARACTERS = 500;
const PATH_CHARACTERS = 120;
const ROWS = 6;

/** Explains one split artifact for a terminal: the paragraph, then one line for each thing found. */
export function explanationTerminal(explanation: ExplanationReport): string[] {
  const { artifact, paragraph, next } = explanation;
  const suspicions = isAllBrought(explanation) ? [] : explanation.suspicions;
  const roots = rootsOf(explanation);
  const consequences = consequencesSentence(explanation);
  return [
    '',
    `  why ${plain(titleOf(artifact), 60)} differs: ${conclusionWords(explanation)}`,
    `    ${plain(paragraph, PARAGRAPH_CHARACTERS)}`,
    ...roots
      .slice(0, ROWS)
      .map(({ difference, class: name, detail }) =>
        row(
          'differs',
          `${plain(locationText(difference.location), PATH_CHARACTERS)}  ${name} (${difference.aspects.join(', ')})  ${plain(detail)}`,
        ),
      ),
    ...(roots.length > ROWS ? [row('', `and ${roots.length - ROWS} more`)] : []),
    ...(consequences === null ? [] : [row('', plain(consequences, SENTENCE_CHARACTERS))]),
    ...suspicions
      .slice(0, ROWS)
      .map((suspicion) =>
        row('cause', `${plain(suspicion.cause, 80)}: ${causeSentences(suspicion)}`),
      ),
    ...shownSeparators(explanation)
      .slice(0, ROWS)
      .map((group) =>
        row(
          'facts',
          `${factNames(group)}  ${plain(valuesText(group), SENTENCE_CHARACTERS)}  p ${probability(group.pValue)}, corrected ${probability(group.correctedP)}  ${strengthWords(group)}`,
        ),
      ),
    row(
      '',
      `${triedSentence(explanation)} ${plain(comparedSentence(explanation), SENTENCE_CHARACTERS)}`,
    ),
    ...(next === null ? [] : [row('next', plain(next.text, SENTENCE_CHARACTERS))]),
  ];
}

/** Tells how builds failed, one line for each way. */
export function failureTerminal(groups: readonly FailureGroupReport[]): string[] {
  if (groups.length === 0) return [];
  return [
    '',
    ...groups
      .slice(0, ROWS)
      .map(
        (group) =>
          `  failed: ${plain(failureSentence(group), SENTENCE_CHARACTERS)} Seen: ${plain(group.line)}`,
      ),
  ];
}

function row(head: string, text: string): string {
  return `    ${head.padEnd(8)} ${text}`;
}
