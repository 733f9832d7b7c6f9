import type { Environment } from '#libs/attestation';
import { fromHex } from '#libs/encoding';
import { publicFacts, type Facts } from '#libs/fingerprint';

/** Makes a fingerprint public, salted with the round: comparable there and nowhere else. */
export function publicEnvironment(
  facts: Facts,
  round: string,
  withheldFacts: readonly string[],
): Environment {
  const { facts: told, withheld } = publicFacts(facts, {
    salt: fromHex(round),
    withheld: withheldFacts,
  });
  return { source: 'measured', facts: { ...told }, withheld: [...withheld] };
}

/** Facts that a result tells again as an input. */
const FACT_OF_INPUT: Readonly<Record<string, string>> = {
  'build-image': 'container.image-digest',
  'build-script': 'build.script-digest',
};

/** Leaves out of a build's inputs what is told by a fact that is kept back. */
export function publicInputs<T>(
  inputs: Readonly<Record<string, T>>,
  withheldFacts: readonly string[],
): Readonly<Record<string, T>> {
  const told = Object.entries(inputs).filter(
    ([name]) => !withheldFacts.includes(FACT_OF_INPUT[name] ?? ''),
  );
  return Object.fromEntries(told);
}
