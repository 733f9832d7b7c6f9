import type { Environment, FactValue } from '#libs/attestation';
import type { EnvironmentFact } from '#libs/contracts';
import { compareText } from '#libs/encoding';

/** A machine as its result tells it. */
export interface ToldMachine {
  readonly builder: string;
  readonly environment: Environment;
}

/**
 * Lays facts of machines side by side, by name. A fact that could not be read, or that was withheld,
 * differs from no other: it is a missing value.
 */
export function comparedFacts(machines: readonly ToldMachine[]): readonly EnvironmentFact[] {
  const sorted = machines.toSorted((a, b) => compareText(a.builder, b.builder));
  const names = new Set(
    sorted.flatMap(({ environment: { facts, withheld } }) => [...Object.keys(facts), ...withheld]),
  );
  return [...names].toSorted(compareText).map((fact) => factOf(fact, sorted));
}

function factOf(fact: string, machines: readonly ToldMachine[]): EnvironmentFact {
  const values = new Map<FactValue, string[]>();
  const withheld: string[] = [];
  for (const { builder, environment } of machines) {
    if (environment.withheld.includes(fact)) withheld.push(builder);
    else if (Object.hasOwn(environment.facts, fact)) {
      const value = environment.facts[fact] ?? null;
      values.set(value, [...(values.get(value) ?? []), builder]);
    }
  }
  const told = [...values].map(([value, builders]) => ({ value, builders }));
  return {
    fact,
    differs: told.filter(({ value }) => value !== null).length > 1,
    values: told.toSorted((a, b) => b.builders.length - a.builders.length),
    withheld,
  };
}
