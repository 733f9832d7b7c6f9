import { letterOf } from './cluster-label.js';
import type {
  ExplanationReport,
  FailureGroupReport,
  FindingReport,
  SeparatorReport,
  SuspicionReport,
} from './explanation.js';
import { plain } from './plain.js';
import { titleOf } from './wording.js';

/** Most rows of each table; JSON has them all. */
export const MAX_ROWS = 12;
const SHOWN_FACTS = 4;
const SHOWN_VALUES = 3;
/** What chance does as often as not needs no row of its own. */
const MOST_SHOWN_P = 0.5;
const SALTED = /^(sha256:[0-9a-f]{8})[0-9a-f]{56}$/;
const PLACE_CHARACTERS = 80;
const CAUSE_CHARACTERS = 500;

/** Says where something is: paths within one another, from the outside in. */
export function locationText(location: readonly string[]): string {
  const named = location.filter((path) => path !== '');
  return named.length === 0 ? 'the artifact itself' : named.join(' › ');
}

/** Says on what a conclusion rests, in a word or two. */
export function conclusionWords(explanation: ExplanationReport): string {
  const { conclusion, unseen, notTold } = explanation;
  if (unseen.length > apartOf(explanation)) return `${conclusion}, not all bytes seen yet`;
  if (unseen.length > 0) return `${conclusion}, not all results held against each other`;
  if (beyondWords(notTold) !== null) return `${conclusion}, not all bytes looked at`;
  return (notTold?.untold ?? 0) > 0 ? `${conclusion}, not all differences told` : conclusion;
}

/** Counts clusters among `unseen` that were compared, though with none of those that are spoken of. */
function apartOf({ clusters, compared, unseen }: ExplanationReport): number {
  const asked = new Set(compared.flatMap(({ left, right }) => [left, right]));
  return clusters.filter(
    ({ digest, builders }) =>
      unseen.includes(digest) && builders.some((builder) => asked.has(builder)),
  ).length;
}

/** What of the compared bytes nobody looked at; null where that is nothing. */
function beyondWords(notTold: ExplanationReport['notTold']): string | null {
  if (notTold === undefined) return null;
  const { files, parts, truncated } = notTold;
  const words = [
    ...(files > 0 ? [files === 1 ? '1 file' : `${files} files`] : []),
    ...(parts > 0 ? [`parts of ${parts === 1 ? '1 file' : `${parts} files`}`] : []),
    ...(truncated ? ['places in which more may differ'] : []),
  ];
  return words.length === 0 ? null : words.join(', ');
}

/** Root causes of an explanation; the others are mere consequences of them. */
export function rootsOf({ findings }: ExplanationReport): readonly FindingReport[] {
  return findings.filter(({ impliedBy }) => impliedBy === undefined);
}

/** Whether all that was found is what an embedded artifact brings, which is told there. */
export function isAllBrought({ findings }: ExplanationReport): boolean {
  const isFollowing = findings.every(({ impliedBy }) => impliedBy !== undefined);
  return isFollowing && findings.some((finding) => bringerOf(finding) !== null);
}

/** The artifact that brings a finding; null for one that is of this artifact itself. */
function bringerOf({ impliedBy }: FindingReport): string | null {
  const [artifact] = impliedBy ?? [];
  return impliedBy?.length === 1 && artifact !== undefined && artifact !== '' ? artifact : null;
}

/** Folds what follows from root causes into one sentence; null where nothing does. */
export function consequencesSentence(explanation: ExplanationReport): string | null {
  const { findings } = explanation;
  const implied = findings.filter(({ impliedBy }) => impliedBy !== undefined);
  // What follows from something that is brought comes with it, and is told there as well.
  const told = isAllBrought(explanation)
    ? implied.filter((finding) => bringerOf(finding) !== null)
    : implied;
  const byBringer = Map.groupBy(told, bringerOf);
  const sentences = [...byBringer].map(([artifact, some]) =>
    artifact === null ? followingSentence(some) : broughtSentence(artifact, some.length),
  );
  return sentences.length === 0 ? null : sentences.join('; ');
}

function broughtSentence(artifact: string, count: number): string {
  const differences = count === 1 ? '1 difference comes' : `${count} differences come`;
  return `${differences} with ${plain(titleOf(artifact), 60)}`;
}

function followingSentence(implied: readonly FindingReport[]): string {
  const places = implied.slice(0, 6).map(({ difference }) => locationText(difference.location));
  const more = implied.length > places.length ? ` and ${implied.length - places.length} more` : '';
  const follow = implied.length === 1 ? 'follows' : 'follow';
  return `${places.map(ending).join(', ')}${more} ${follow} from what is above`;
}

/** Groups of facts that a reader gains something from; JSON has them all. */
export function shownSeparators(explanation: ExplanationReport): readonly SeparatorReport[] {
  if (isAllBrought(explanation)) return [];
  return explanation.separators.filter(({ pValue }) => pValue <= MOST_SHOWN_P);
}

/** The end of a long place says more than its beginning, which others have as well. */
function ending(place: string): string {
  const characters = Array.from(plain(place, 4 * PLACE_CHARACTERS));
  if (characters.length <= PLACE_CHARACTERS) return characters.join('');
  return `…${characters.slice(1 - PLACE_CHARACTERS).join('')}`;
}

/** Says why a cause is suspected, and what mends it. */
export function causeSentences({ because, remedy }: SuspicionReport): string {
  const end = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
  const why = end(plain(because, CAUSE_CHARACTERS).trim());
  return remedy === null ? why : `${why} Remedy: ${end(plain(remedy, CAUSE_CHARACTERS).trim())}`;
}

/** Names the facts of a group, the first few of them. */
export function factNames({ facts }: SeparatorReport): string {
  const names = facts.slice(0, SHOWN_FACTS).map(({ name }) => plain(name, 60));
  const more = facts.length > names.length ? ` and ${facts.length - names.length} more` : '';
  return `${names.join(', ')}${more}`;
}

/** Gives the values of a group's first fact, cluster by cluster. */
export function valuesText({ facts }: SeparatorReport): string {
  const [first] = facts;
  if (first === undefined) return '';
  return first.values
    .map((values, at) => {
      const shown = [...new Set(values.map(valueText))];
      const some = shown.slice(0, SHOWN_VALUES).join(' or ');
      const more = shown.length > SHOWN_VALUES ? ' or others' : '';
      return `${letterOf(at)}: ${some === '' ? 'missing' : some}${more}`;
    })
    .join('; ');
}

/** One fact's value as a reader sees it; what is missing has none. */
export function valueText(value: string | number | boolean | null): string {
  if (value === null) return 'missing';
  // A salted value tells nothing but whether it is another one's.
  return plain(String(value).replace(SALTED, '$1…'), 60);
}

/** Says how well a group parts the clusters, and what is weak about it. */
export function strengthWords(group: SeparatorReport): string {
  const words = [
    ...(group.isPerfect ? ['parts all'] : []),
    ...(group.trivial ? ['trivial: one builder alone'] : []),
    ...(group.missing > 0 ? [`${group.missing} missing`] : []),
    ...(group.rounds > 1 ? [`${group.rounds} rounds`] : []),
  ];
  return words.join(', ');
}

/** Writes a probability so that small ones stay readable. */
export function probability(value: number): string {
  if (value === 0) return '0';
  return value < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(2)));
}

/** Says how many facts stand behind the table, without which no p-value means anything. */
export function triedSentence({ factsTried, separators }: ExplanationReport): string {
  const facts = factsTried === 1 ? '1 fact was' : `${factsTried} facts were`;
  return separators.length === 0
    ? `${facts} tried; none parts the builders as their bytes do.`
    : `${facts} tried.`;
}

/** Says whose bytes were held against whose, by clusters: `left` of a finding is the first one's. */
export function comparedSentence(explanation: ExplanationReport): string {
  const { clusters, compared, unseen, notTold } = explanation;
  const letter = (builder: string): string => {
    const at = clusters.findIndex(({ builders }) => builders.includes(builder));
    return at === -1 ? plain(builder.slice(0, 11)) : letterOf(at);
  };
  const pairs = compared.map(({ left, right }) => `${letter(left)} with ${letter(right)}`);
  const apart = apartOf(explanation);
  const missing = unseen.length - apart;
  const beyond = beyondWords(notTold);
  const { untold = 0, unlisted = 0 } = notTold ?? {};
  return [
    pairs.length === 0
      ? 'No bytes were compared yet.'
      : `Compared, left with right: ${pairs.join(', ')}.`,
    ...(missing === 0 ? [] : [`Of ${clusterWords(missing)} no bytes were seen yet.`]),
    ...(apart === 0
      ? []
      : [`Of ${clusterWords(apart)} bytes were held against each other alone, not the others’.`]),
    ...(beyond === null ? [] : [`Not looked at: ${beyond}.`]),
    ...(untold === 0
      ? []
      : [`Seen, not told: ${untold} further ${untold === 1 ? 'difference' : 'differences'}.`]),
    ...(unlisted === 0 ? [] : [`Not listed: ${unlisted} more of the same kinds.`]),
  ].join(' ');
}

function clusterWords(count: number): string {
  return count === 1 ? 'one cluster' : `${count} clusters`;
}

/** Says in one line how some builds failed. */
export function failureSentence(group: FailureGroupReport): string {
  const { stage, class: name, builders, operators, explanation, remedy } = group;
  const count = builders.length === 1 ? '1 builder' : `${builders.length} builders`;
  const who = operators
    .slice(0, MAX_ROWS)
    .map((operator) => plain(operator, 60))
    .join(', ');
  const told = [`${name} in ${stage}: ${count} (${who})`, explanation ?? '', remedy ?? ''];
  const sentences = told.map((text) => plain(text.trim().replace(/\.$/, '')));
  return `${sentences.filter((text) => text !== '').join('. ')}.`;
}
