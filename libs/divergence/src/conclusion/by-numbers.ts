import type { Cause } from '../causes/cause.js';
import { quoted, readable } from '../classes/readable.js';
import type { SeparatorGroup } from '../explanation.js';
import { groupsThatHold } from '../statistics/grouping.js';
import type { Hypothesis } from './hypothesis.js';

const SHOWN_FACTS = 3;

/**
 * Makes hypotheses of the groups of facts that numbers alone hold up. Facts of one group that stand
 * for different causes of the catalogue are different hypotheses; facts that the catalogue does not
 * know go with the first of them. Of several causes that name a fact those speak that leave no
 * trace, as bytes tell the others; where more than one is left, it is one hypothesis, of no cause.
 *
 * Where bytes were seen, causes that would have left a trace there, and did not, are no causes.
 */
export function hypothesesByNumbers(
  groups: readonly SeparatorGroup[],
  causes: readonly Cause[],
  hasSeenBytes: boolean,
): readonly Hypothesis[] {
  const usable = causes.filter(({ trace }) => trace === null || !hasSeenBytes);
  return groupsThatHold(groups).flatMap((group) => {
    const names = group.facts.map(({ name }) => name);
    const known = new Map(names.map((name) => [name, causesNaming(name, usable)] as const));
    const parts = componentsOf(
      names.filter((name) => (known.get(name)?.length ?? 0) > 0),
      known,
    );
    if (parts.length < 2) return [hypothesisOf(names, known, group)];
    return parts.map((part) => hypothesisOf(part, known, group));
  });
}

function causesNaming(name: string, causes: readonly Cause[]): readonly Cause[] {
  const naming = causes.filter(({ facts }) => facts.includes(name));
  const traceless = naming.filter(({ trace }) => trace === null);
  return traceless.length > 0 ? traceless : naming;
}

/** The one that is meant: of such as leave no trace that with the most of the facts, and the fewest beside. */
function speaking(causes: readonly Cause[], names: readonly string[]): Cause | null {
  if (causes.length > 1 && causes.some(({ trace }) => trace !== null)) return null;
  const named = ({ facts }: Cause): number => facts.filter((fact) => names.includes(fact)).length;
  const compare = (a: Cause, b: Cause): number =>
    named(b) - named(a) || a.facts.length - b.facts.length;
  const [first, next] = causes.toSorted(compare);
  if (first === undefined) return null;
  return next !== undefined && compare(first, next) === 0 ? null : first;
}

/** Facts that share a cause belong together. */
function componentsOf(
  names: readonly string[],
  known: ReadonlyMap<string, readonly Cause[]>,
): readonly (readonly string[])[] {
  const parts: { facts: string[]; causes: Set<string> }[] = [];
  for (const name of names) {
    const ids = (known.get(name) ?? []).map(({ id }) => id);
    const touching = parts.filter(({ causes }) => ids.some((id) => causes.has(id)));
    const merged = {
      facts: [...touching.flatMap(({ facts }) => facts), name],
      causes: new Set([...touching.flatMap(({ causes }) => [...causes]), ...ids]),
    };
    for (const part of touching) parts.splice(parts.indexOf(part), 1);
    parts.push(merged);
  }
  return parts.map(({ facts }) => facts);
}

function hypothesisOf(
  names: readonly string[],
  known: ReadonlyMap<string, readonly Cause[]>,
  { correctedP, facts, rounds, trivial }: SeparatorGroup,
): Hypothesis {
  const causes = [...new Set(names.flatMap((name) => known.get(name) ?? []))];
  const cause = speaking(causes, names);
  const shown = names.slice(0, SHOWN_FACTS).map(quoted).join(', ');
  const more = names.length > SHOWN_FACTS ? ` and ${names.length - SHOWN_FACTS} more` : '';
  const so = cause === null ? '' : `${cause.title}: `;
  const weight =
    `corrected p ${correctedP.toPrecision(2)}, ` +
    `${rounds === 1 ? 'one round' : `${rounds} rounds`}${trivial ? ', one builder against all others' : ''}`;
  const because = readable(`${so}the results follow ${shown}${more} (${weight})`);
  const id = cause?.id ?? `fact:${names[0] ?? ''}`;
  return {
    ...{ cause: id, facts: names, variesAlone: false, isFactless: false },
    suspicion: {
      ...{ cause: id, facts: names, grounds: 'statistics', because },
      remedy: cause?.remedy ?? null,
    },
    touches: new Set(facts.map(({ name }) => name)),
  };
}
