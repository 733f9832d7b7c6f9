import { catalogue, type Facts, type FactValue } from './facts.js';
import { protectFacts, type Protection } from './protection.js';

/** A fingerprint as statements carry it: what is told, and the names of what is kept back. */
export interface PublicFacts {
  readonly facts: Readonly<Record<string, FactValue>>;
  /** Named apart, so that nobody takes two missing values for equal ones. */
  readonly withheld: readonly string[];
}

/**
 * Makes a fingerprint public: private facts as digests salted with the round, kept-back ones named
 * apart.
 *
 * @throws FingerprintError BAD_SALT, UNKNOWN_FACT
 */
export function publicFacts(facts: Facts, protection: Protection): PublicFacts {
  const told: Record<string, FactValue> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(protectFacts(facts, protection))) {
    if (typeof value === 'object' && value !== null) withheld.push(name);
    else told[name] = value;
  }
  return { facts: told, withheld };
}

/** Lists what a signed statement makes public for ever, one fact a line, for whoever has to agree. */
export function describePublicFacts({ facts, withheld }: PublicFacts): readonly string[] {
  return catalogue.map(({ name, privacy }) => {
    if (withheld.includes(name)) return `${name.padEnd(28)} (withheld)`;
    const value = String(facts[name] ?? 'not known');
    return `${name.padEnd(28)} ${privacy === 'salted' ? 'a digest, salted anew each round' : value}`;
  });
}
