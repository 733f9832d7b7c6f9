import { formatLocation } from '#libs/manifest';
import { CAUSES } from '../causes/catalogue.js';
import { readable } from '../classes/readable.js';
import type { ArtifactExplanation, Observation, Suspicion } from '../explanation.js';
import { isImplied } from '../folding/fold.js';
import { factSentence, factWords } from './fact-sentence.js';
import { counted, listed, listedUpTo, sentence } from './words.js';

/** What a paragraph is written of. */
export interface Telling extends Omit<ArtifactExplanation, 'paragraph'> {
  readonly observations: readonly Observation[];
  readonly impliedBy: readonly string[];
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

function split({ artifact, clusters, observations }: Telling): string {
  const sizes = clusters.map(({ builders }) => builders.length);
  const shape = sizes.length > 1 ? ` (${sizes.slice(0, 8).join('-')})` : '';
  const builders = counted(observations.length, 'builder');
  return `${builders} built ${readable(artifact, 80)} and got ${counted(clusters.length, 'different result')}${shape}`;
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
  const { suspicions } = telling;
  const causes = listed(suspicions.slice(0, MAX_CAUSES).map(titleOf));
  const where = places(telling);
  const isTraced = suspicions.some(({ grounds }) => grounds === 'trace');
  const reason = isTraced
    ? `They differ because ${causes}${where === '' ? '' : `: it is seen in ${where}`}`
    : `The results follow ${causes} so closely that chance is no explanation, though no bytes show it`;
  const remedy = suspicions[0]?.remedy ?? null;
  return [reason, factsTold(telling), remedy === null ? null : `What mends it: ${remedy}`];
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
  const where = places(telling);
  const seen =
    where === ''
      ? 'no bytes could be compared, and no recorded fact goes with the results surely enough'
      : `what differs is in ${where}, and nothing that is known of the builders accounts for it`;
  const part =
    suspicions.length === 0
      ? null
      : `A part of it is known: ${listed(suspicions.slice(0, MAX_CAUSES).map(titleOf))}`;
  return [`Why is unexplained: ${seen}`, part, next === null ? null : `Next: ${next.text}`];
}

/** Whether all that differs is what another artifact brings: there is nothing to tell twice. */
function isAllBrought({ impliedBy, findings }: Telling): boolean {
  return impliedBy.length > 0 && findings.length > 0 && findings.every(isImplied);
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
  const told = (roots.length > 0 ? roots : findings).map(({ difference }) =>
    readable(formatLocation(difference.location), 160),
  );
  return listedUpTo([...new Set(told)], MAX_PLACES);
}
