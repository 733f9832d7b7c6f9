import { formatLocation } from '#libs/manifest';
import { CAUSES } from '../causes/catalogue.js';
import { readable } from '../classes/readable.js';
import type { Finding } from '../difference.js';
import type { ArtifactExplanation, Observation, Suspicion } from '../explanation.js';
import { isImplied } from '../folding/fold.js';
import { factSentence, factWords } from './fact-sentence.js';
import { counted, listed, listedUpTo, sentence } from './words.js';

/** What a paragraph is written of. */
export interface Telling extends Omit<ArtifactExplanation, 'paragraph'> {
  readonly observations: readonly Observation[];
  readonly impliedBy: readonly string[];
  /** Different results of which bytes were held against each other. */
  readonly compared: number;
  readonly nameOf: (builder: string) => string;
}

const MAX_PLACES = 3;
const MAX_CAUSES = 3;
const MAX_SENTENCES = 4;

/**
 * Writes one to four plain sentences: what happened, why as far as it is known, how sure that is,
 * and what comes next. Where nothing is explained it says `unexplained`.
 */
export function paragraphOf(telling: Telling): string {
  const reasons = isAllBrought(telling) ? brought(telling) : [dependent(telling), ...why(telling)];
  return [split(telling), ...reasons]
    .filter((each) => each !== null)
    .slice(0, MAX_SENTENCES)
    .map(sentence)
    .join(' ');
}

function split(telling: Telling): string {
  const { artifact, clusters, observations, compared } = telling;
  const sizes = clusters.map(({ builders }) => builders.length);
  const shape = sizes.length > 1 ? ` (${sizes.slice(0, 8).join('-')})` : '';
  const builders = counted(observations.length, 'builder');
  const seen = isPart(telling) ? `, of which the bytes of ${compared} were compared` : '';
  return `${builders} built ${readable(artifact, 80)} and got ${counted(clusters.length, 'different result')}${shape}${seen}`;
}

/** Whether of some results bytes were compared, and of others not. */
function isPart({ clusters, compared }: Telling): boolean {
  return compared > 0 && compared < clusters.length;
}

function why(telling: Telling): readonly (string | null)[] {
  switch (telling.conclusion) {
    case 'explained':
      return explained(telling);
    case 'ambiguous':
      return ambiguous(telling);
    case 'unexplained':
      return unexplained(telling);
  }
}

function explained(telling: Telling): readonly (string | null)[] {
  const remedy = telling.suspicions[0]?.remedy ?? null;
  return [reason(telling), factsTold(telling), remedy === null ? null : `What mends it: ${remedy}`];
}

function reason(telling: Telling): string {
  const [traced, byNumbers] = (['trace', 'statistics'] as const).map((grounds) =>
    telling.suspicions.filter((each) => each.grounds === grounds).slice(0, MAX_CAUSES),
  );
  const causes = listed((traced ?? []).map(titleOf));
  if (byNumbers === undefined || byNumbers.length === 0) {
    const where = places(telling);
    const who = isPart(telling) ? `Those ${telling.compared}` : 'They';
    return `${who} differ because ${causes}${where === '' ? '' : `: it is seen in ${where}`}`;
  }
  const follows = `The results follow ${listed(byNumbers.map(titleOf))} so closely that chance is no explanation`;
  if (causes !== '') return `${follows}, and in a part of the bytes it is seen that ${causes}`;
  if (telling.compared === 0) return `${follows}, though no bytes were compared`;
  const beyond = beyondWords(telling);
  if (beyond === null) return `${follows}, though no bytes show it`;
  return `${follows}, though no bytes show it, and not all were looked at: ${beyond}`;
}

/** The first fact of what is suspected that is not the same for all, builder by builder. */
function factsTold({ suspicions, observations, nameOf }: Telling): string | null {
  const facts = [...new Set(suspicions.flatMap((suspicion) => suspicion.facts))];
  const told = facts.map((fact) => factSentence(fact, observations, nameOf));
  return told.find((each) => each !== null) ?? null;
}

function ambiguous(telling: Telling): readonly (string | null)[] {
  const { suspicions, next } = telling;
  const causes = listed(suspicions.slice(0, MAX_CAUSES).map(titleOf), 'or');
  const where = places(telling);
  const seen = where === '' ? '' : `, and the bytes in ${where} fit more than one of them`;
  return [
    `The cause is not certain, as several are possible: ${causes}${seen}`,
    next === null ? null : `What would tell them apart: ${next.text}`,
  ];
}

function unexplained(telling: Telling): readonly (string | null)[] {
  const { suspicions, next } = telling;
  const seen = openWords(telling);
  const part =
    suspicions.length === 0
      ? null
      : `A part of it is known: ${listed(suspicions.slice(0, MAX_CAUSES).map(titleOf))}`;
  return [`Why is unexplained: ${seen}`, part, next === null ? null : `Next: ${next.text}`];
}

/** What is open, and whether anybody has looked at all of it. */
function openWords(telling: Telling): string {
  const where = places(telling);
  const beyond = beyondWords(telling);
  if (where === '' && beyond === null) {
    return 'no bytes could be compared, and no recorded fact goes with the results surely enough';
  }
  const seen = where === '' ? '' : `what differs is in ${where}, and `;
  const unaccounted = 'nothing that is known of the builders accounts for it';
  if (beyond === null) return `${seen}${unaccounted}`;
  const isOpen = telling.findings.some((each) => isUnknown(each) && each.notLookedAt === undefined);
  return `${seen}${isOpen ? `${unaccounted}; besides, ` : ''}not all that differs was looked at: ${beyond}`;
}

function isUnknown(finding: Finding): boolean {
  return finding.class === 'unknown' && !isImplied(finding);
}

/** Tells what was not looked at; null where all was that could be. */
function beyondWords({ notTold }: Telling): string | null {
  if (notTold === undefined) return null;
  const { files, parts, untold, truncated } = notTold;
  const words = [
    ...(files > 0 ? [counted(files, 'file')] : []),
    ...(parts > 0 ? [`parts of ${counted(parts, 'file')}`] : []),
    ...(untold > 0 ? [counted(untold, 'further difference')] : []),
    ...(truncated ? ['places in which more may differ'] : []),
  ];
  return words.length === 0 ? null : listed(words);
}

/** Whether all that differs is what another artifact brings: there is nothing to tell twice. */
function isAllBrought(telling: Telling): boolean {
  const { impliedBy, findings } = telling;
  const isAll = findings.length > 0 && findings.every(isImplied);
  return impliedBy.length > 0 && isAll && beyondWords(telling) === null;
}

function brought(telling: Telling): readonly (string | null)[] {
  const causes = telling.suspicions.slice(0, MAX_CAUSES).map(titleOf);
  const all = `${dependent(telling) ?? ''}, and nothing else in it differs`;
  switch (telling.conclusion) {
    case 'explained':
      return [all, causes.length === 0 ? null : `There, ${listed(causes)}`, factsTold(telling)];
    case 'ambiguous':
      return [all, 'The cause is not certain there, either'];
    case 'unexplained':
      return [all, 'Why is unexplained there, too'];
  }
}

function dependent({ impliedBy }: Telling): string | null {
  if (impliedBy.length === 0) return null;
  const names = listed(impliedBy.map((name) => readable(name, 80)));
  return `It depends on ${names}, which ${impliedBy.length === 1 ? 'differs itself' : 'differ themselves'}`;
}

function titleOf({ cause, facts }: Suspicion): string {
  const known = CAUSES.find(({ id }) => id === cause);
  if (known !== undefined) return known.title;
  return listedUpTo(facts.map(factWords), 3);
}

/** Files that differ by themselves, the last names of their locations. */
function places({ findings }: Telling): string {
  const roots = findings.filter((finding) => !isImplied(finding));
  // Hundreds of changed times are not to hide the one thing that nobody can name.
  const ordered = [...roots.filter(isUnknown), ...roots.filter((each) => !isUnknown(each))];
  const told = (roots.length > 0 ? ordered : findings).map(({ difference }) =>
    readable(formatLocation(difference.location), 160),
  );
  return listedUpTo([...new Set(told)], MAX_PLACES);
}
