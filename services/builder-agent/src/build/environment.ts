import type { Environment } from '#libs/attestation';
import { fromHex } from '#libs/encoding';
import { protectFacts, type Facts, type FactValue } from '#libs/fingerprint';

/**
 * Makes a fingerprint public: private facts as digests salted with the round, kept-back ones named
 * apart, so that nobody takes them for equal.
 */
export function publicEnvironment(
  facts: Facts,
  round: string,
  withheldFacts: readonly string[],
): Environment {
  const salt = fromHex(round);
  const told: Record<string, FactValue> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(
    protectFacts(facts, { salt, withheld: withheldFacts }),
  )) {
    if (typeof value === 'object' && value !== null) withheld.push(name);
    else told[name] = value;
  }
  return { source: 'measured', facts: told, withheld };
}
