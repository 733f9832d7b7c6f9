import { contentsText } from '../report/bytes-text.js';
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
} from '../report/explanation-words.js';
import type { ExplanationReport, FailureGroupReport } from '../report/explanation.js';
import { titleOf } from '../report/wording.js';
import { table } from './html-tables.js';
import { element, preformatted, type Html } from './html.js';

const DIFFS_SHOWN = 3;
const DIFF_LINES = 100;

/** Explains one split artifact: the paragraph for a voter, then what an engineer asks for. */
export function explanationHtml(explanation: ExplanationReport): Html[] {
  const { artifact, paragraph, next, firstAffected } = explanation;
  const suspicions = isAllBrought(explanation) ? [] : explanation.suspicions.slice(0, MAX_ROWS);
  const says = (text: string): Html => element('p', {}, text);
  return [
    element('h2', {}, `Why ${titleOf(artifact)} differs: ${conclusionWords(explanation)}`),
    says(paragraph),
    ...findingParts(explanation),
    ...suspicions.map((one) => says(`${one.cause}: ${causeSentences(one)}`)),
    ...separatorParts(explanation),
    says(`${triedSentence(explanation)} ${comparedSentence(explanation)}`),
    ...(firstAffected === null
      ? []
      : [says(`First seen in ${firstAffected.release}, ${firstAffected.openedAt}.`)]),
    ...(next === null ? [] : [says(`Next experiment: ${next.text}`)]),
  ];
}

/** Tells how builds failed, apart from what differed. */
export function failureHtml(groups: readonly FailureGroupReport[]): Html[] {
  if (groups.length === 0) return [];
  const items = groups
    .slice(0, MAX_ROWS)
    .map((group) =>
      element('li', {}, `${failureSentence(group)} Seen: `, element('code', {}, group.line)),
    );
  return [element('h2', {}, 'Builds that failed'), element('ul', {}, ...items)];
}

function findingParts(explanation: ExplanationReport): Html[] {
  const roots = rootsOf(explanation);
  const consequences = consequencesSentence(explanation);
  const rows = roots
    .slice(0, MAX_ROWS)
    .map(({ difference, class: name, detail }) => [
      element('code', {}, locationText(difference.location)),
      difference.aspects.join(', '),
      name,
      detail,
    ]);
  return [
    ...(rows.length === 0 ? [] : [table(['where', 'what', 'class', 'seen'], rows)]),
    ...(roots.length > MAX_ROWS ? [element('p', {}, `And ${roots.length - MAX_ROWS} more.`)] : []),
    ...(consequences === null ? [] : [element('p', {}, `${consequences}.`)]),
    ...roots
      .slice(0, DIFFS_SHOWN)
      .map(contentsText)
      .flatMap((diff) => (diff === undefined ? [] : [preformatted(diff, DIFF_LINES)])),
  ];
}

function separatorParts(explanation: ExplanationReport): Html[] {
  const groups = shownSeparators(explanation).slice(0, MAX_ROWS);
  if (groups.length === 0) return [];
  const rows = groups.map((group) => [
    factNames(group),
    valuesText(group),
    probability(group.pValue),
    probability(group.correctedP),
    strengthWords(group),
  ]);
  return [table(['facts that go with the bytes', 'values', 'p', 'corrected', ''], rows)];
}
