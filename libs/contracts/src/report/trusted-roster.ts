import type { Roster } from '#libs/consensus';
import { plain } from './plain.js';
import type { BuilderReport } from './report.js';
import { TrustError } from './trust-error.js';

const NAMED = 20;

/** An operator of a round, as a reader finds it. */
export interface RoundOperator {
  readonly operator: string;
  /** The principal of its own key; null where the roster binds the name to no key. */
  readonly principal: string | null;
  readonly builders: readonly string[];
}

/** Lists who was asked in a round, in roster order. */
export function operatorsOf(builders: readonly BuilderReport[]): readonly RoundOperator[] {
  const byName = new Map<string, { principal: string | null; builders: string[] }>();
  for (const { operator, operatorPrincipal, builder } of builders) {
    const own = byName.get(operator) ?? { principal: null, builders: [] };
    own.principal = operatorPrincipal ?? own.principal;
    own.builders.push(builder);
    byName.set(operator, own);
  }
  return [...byName].map(([operator, own]) => ({ operator, ...own }));
}

/**
 * Gives the roster of those who are named, by name or principal, in roster order; who is named twice
 * counts once, with all its builders.
 *
 * @throws TrustError OPERATOR_NOT_ASKED for somebody whom the round did not ask
 */
export function trustedRoster(
  builders: readonly BuilderReport[],
  names: readonly string[],
): Roster {
  const all = operatorsOf(builders);
  const trusted = new Set<string>();
  for (const name of names) {
    // A name wins: a principal is nobody's to choose, but a name could be chosen to look like one.
    const found =
      all.find(({ operator }) => operator === name) ??
      all.find(({ principal }) => principal === name);
    if (found === undefined) throw unknown(name, all);
    trusted.add(found.operator);
  }
  return all
    .filter(({ operator }) => trusted.has(operator))
    .map((entry) => ({ operator: entry.operator, builders: entry.builders }));
}

function unknown(name: string, all: readonly RoundOperator[]): TrustError {
  const some = all.slice(0, NAMED).map(({ operator }) => plain(operator, 60));
  const more = all.length > some.length ? ` and ${all.length - some.length} more` : '';
  return new TrustError(
    'OPERATOR_NOT_ASKED',
    `this round did not ask "${plain(name, 80)}": it asked ${some.join(', ')}${more}`,
  );
}
