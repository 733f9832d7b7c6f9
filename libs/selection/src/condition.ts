import type { Fact, Where } from './ask.js';
import type { Candidate } from './candidate.js';

/** What runs on no hypervisor tells so by this value. */
export const BARE_METAL = 'none';

/** Gives the value of a fact; null where the builder tells none. */
export function factOf({ operator, facts }: Candidate, fact: Fact): string | null {
  switch (fact) {
    case 'operator':
      return operator;
    case 'virtualisation':
      return facts?.virtualisation ?? null;
    case 'hypervisor': {
      const value = facts?.virtualisation ?? null;
      return value === BARE_METAL ? null : value;
    }
    case 'wsl':
      return facts === null ? null : yesOrNo(facts.isWsl);
    case 'engine':
      return facts?.engine ?? null;
    case 'isolation':
      return facts?.isolation ?? null;
  }
}

/** Lists what of a condition does not hold of a builder, as parts of the text that asks for it. */
export function missingOf(candidate: Candidate, where: Where): readonly string[] {
  const { facts } = candidate;
  const held = (fact: Fact): string | null => factOf(candidate, fact);
  return partsOf(where).flatMap(({ key, value }) => {
    const isMet =
      key === 'tag'
        ? candidate.tags.includes(value)
        : key === 'era'
          ? facts?.eras.includes(value) === true
          : held(key) === value;
    return isMet ? [] : [`${key}:${value}`];
  });
}

/** Tells whether all of a condition holds. */
export function matches(candidate: Candidate, where: Where): boolean {
  return missingOf(candidate, where).length === 0;
}

interface Part {
  readonly key: 'tag' | 'era' | 'virtualisation' | 'wsl' | 'engine' | 'isolation';
  readonly value: string;
}

/** Lists the parts of a condition in the order in which they are written. */
export function partsOf(where: Where): readonly Part[] {
  const { tags = [], era, virtualisation, isWsl, engine, isolation } = where;
  const parts: Part[] = [];
  if (virtualisation !== undefined) parts.push({ key: 'virtualisation', value: virtualisation });
  if (isWsl !== undefined) parts.push({ key: 'wsl', value: yesOrNo(isWsl) });
  if (engine !== undefined) parts.push({ key: 'engine', value: engine });
  if (isolation !== undefined) parts.push({ key: 'isolation', value: isolation });
  if (era !== undefined) parts.push({ key: 'era', value: era });
  return [...parts, ...tags.map((value) => ({ key: 'tag' as const, value }))];
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
