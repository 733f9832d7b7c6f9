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
