import {
  AttestationError,
  builderIdOf,
  parseStatement,
  readRoundAmend,
  readRoundOpen,
  unverifiedPayload,
  type Release,
  type RosterEntry,
  type Statement,
} from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import type { Found } from '../tally/attestation-files.js';
import type { ReadRoster } from '../tally/roster.js';

/** What is known beside the results themselves. */
export interface Surroundings {
  /** Raw public key by builder id. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** Operator by builder id, where something names it. */
  readonly operators: ReadonlyMap<string, string>;
  /** Releases as rounds asked for them, by name: which artifact embeds which. */
  readonly releases: ReadonlyMap<string, Release>;
}

/**
 * Gathers what a roster file tells, and what rounds' openings and amendments among the attestations do.
 * Whoever signed one, a key in it is taken only where the builder's id is that key's own: so a forged
 * one can give nobody a key that is not theirs.
 */
export function surroundingsOf(found: readonly Found[], roster: ReadRoster | null): Surroundings {
  const keys = new Map(roster?.keys);
  const operators = new Map<string, string>();
  const releases = new Map<string, Release>();
  const opens = readAll(found, readRoundOpen);
  for (const { release } of opens) releases.set(release.name, release);
  const added = readAll(found, readRoundAmend).flatMap((amend) => amend.added);
  const invited: RosterEntry[] = [...opens.flatMap(({ roster: first }) => first), ...added];
  for (const { operator, builders } of invited) {
    for (const { builder, publicKey } of builders) {
      const raw = fromBase64(publicKey);
      if (keys.has(builder) || builderIdOf(raw) !== builder) continue;
      keys.set(builder, raw);
      operators.set(builder, operator);
    }
  }
  for (const { operator, builders } of roster?.roster ?? []) {
    for (const builder of builders) operators.set(builder, operator);
  }
  return { keys, operators, releases };
}

function readAll<T>(found: readonly Found[], read: (statement: Statement) => T): readonly T[] {
  return found.flatMap((item) => {
    if ('error' in item) return [];
    try {
      return [read(parseStatement(unverifiedPayload(item.envelope)))];
    } catch (error) {
      // Nearly all are something else; what is wrong with them is told where they are read.
      if (error instanceof AttestationError) return [];
      throw error;
    }
  });
}
