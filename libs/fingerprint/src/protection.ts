import { sha256 } from '#libs/encoding';
import type { Sha256 } from '#libs/encoding';
import { FingerprintError } from './error.js';
import { cleanFactText } from './fact-text.js';
import { catalogue, definitionOf } from './facts.js';
import type { FactName, FactValue, Facts } from './facts.js';

/** Stands for a fact that its operator keeps back; `null` stands for one that nobody could read. */
export const withheld = Object.freeze({ withheld: true } as const);

/** Type of {@link withheld}. */
export type Withheld = typeof withheld;

/** A fingerprint as it may leave the machine, be signed and be published for ever. */
export type ProtectedFacts = Readonly<Record<FactName, FactValue | Withheld>>;

/** How facts are to be protected. */
export interface Protection {
  /**
   * 16 bytes or more, the same for all builders of one round (its id), so that they can be compared
   * there and nowhere else. It is public: whoever guesses a value can check the guess.
   */
  readonly salt: Uint8Array;
  /** Names of facts that are not to leave in any form. */
  readonly withheld: readonly string[];
}

const DOMAIN = 'repro-quorum/salted-fact/v1';
const MIN_SALT_BYTES = 16;
const MIN_PATH_CHARACTERS = 4;

/**
 * Makes a fingerprint fit to leave the machine: withheld facts become {@link withheld}, salted ones
 * `sha256:<hex>`, texts are cleaned and bounded, and the home and build paths are masked wherever a
 * public text mentions them. `null` stays `null`.
 *
 * @throws FingerprintError BAD_SALT for less than 16 bytes
 * @throws FingerprintError UNKNOWN_FACT for a withheld name that is no fact: passing over a
 *   misspelt name would publish what was to be kept back
 */
export function protectFacts(facts: Facts, { salt, withheld: kept }: Protection): ProtectedFacts {
  if (salt.length < MIN_SALT_BYTES) {
    throw new FingerprintError(
      'BAD_SALT',
      `salt has ${salt.length} bytes, expected at least ${MIN_SALT_BYTES}`,
    );
  }
  const hidden = new Set(kept.map((name) => definitionOf(name).name));
  const paths = privatePaths(facts);
  const entries = catalogue.map(({ name, privacy }) => {
    if (hidden.has(name)) return [name, withheld] as const;
    const value = facts[name];
    if (value === null) return [name, null] as const;
    if (privacy === 'salted') return [name, `sha256:${saltedDigest(salt, name, value)}`] as const;
    return [name, publicValue(value, paths)] as const;
  });
  return Object.fromEntries(entries) as ProtectedFacts;
}

/** Every part carries its length, so that no two different inputs are hashed as one. */
function saltedDigest(salt: Uint8Array, name: string, value: string | number | boolean): Sha256 {
  const parts = [DOMAIN, salt, name, typeof value, String(value)].map((part) => Buffer.from(part));
  return sha256(Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])));
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

function publicValue(
  value: string | number | boolean,
  paths: readonly (readonly [path: string, name: FactName])[],
): FactValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  // Masked before it is cut, so that no half of a path is left at the end.
  const masked = paths.reduce((text, [path, name]) => text.replaceAll(path, `<${name}>`), value);
  return cleanFactText(masked);
}

/** Longest first: a build path mostly begins with the home. `/` and the like would mask everything. */
function privatePaths(facts: Facts): readonly (readonly [path: string, name: FactName])[] {
  return (['build.path', 'user.home'] as const)
    .flatMap((name) => {
      const path = facts[name];
      if (typeof path !== 'string' || path.length < MIN_PATH_CHARACTERS) return [];
      return [[path, name] as const];
    })
    .sort(([a], [b]) => b.length - a.length);
}
