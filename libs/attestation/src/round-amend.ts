import { z } from 'zod';
import { Actor } from './admin-act.js';
import { AttestationError } from './error.js';
import { checkRosterKeys, RosterEntry } from './round-open.js';
import { readPredicate, Sha256Text, Time, type Statement } from './statement.js';
import { ROUND_AMEND, STATEMENT_TYPE } from './type-uri.js';

/**
 * More builders for a round that is open. It only ever adds: whoever was invited stays invited, and
 * the threshold is taken of all of them, so nobody can be replaced for what they would say.
 */
export const RoundAmend = z.object({
  round: Sha256Text,
  amendedAt: Time,
  added: z.array(RosterEntry).min(1).max(256),
  /** Who had it done. */
  by: Actor.optional(),
});
export type RoundAmend = z.infer<typeof RoundAmend>;

/** Makes the statement that adds builders to a round. */
export function roundAmendStatement(amend: RoundAmend): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${amend.round}`, digest: { sha256: amend.round } }],
    predicateType: ROUND_AMEND,
    predicate: amend,
  };
}

/**
 * Reads a RoundAmend and refuses one that names a builder by a key that is not its own.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND, WRONG_BUILDER,
 *   WRONG_OPERATOR
 */
export function readRoundAmend(statement: Statement): RoundAmend {
  const amend = readPredicate(statement, ROUND_AMEND, RoundAmend);
  if (statement.subject[0]?.digest?.['sha256'] !== amend.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of an amendment has to be its round');
  }
  checkRosterKeys(amend.added);
  return amend;
}

/**
 * Gives the roster with what was added: new operators at the end, new builders with their operator,
 * whose key is named again.
 *
 * @throws AttestationError WRONG_BUILDER for a builder that is on the roster already: listed twice,
 *   or moved to another operator, it would be counted in two places; WRONG_OPERATOR for an operator
 *   that is added to with another key than it has, or none
 */
export function amendRoster(
  roster: readonly RosterEntry[],
  added: readonly RosterEntry[],
): readonly RosterEntry[] {
  const builders = new Set(roster.flatMap((entry) => entry.builders.map(({ builder }) => builder)));
  const merged = new Map(roster.map((entry) => [entry.operator, entry]));
  for (const entry of added) {
    for (const { builder } of entry.builders) {
      if (!builders.has(builder)) {
        builders.add(builder);
        continue;
      }
      throw new AttestationError('WRONG_BUILDER', `builder ${builder} is invited already`);
    }
    const before = merged.get(entry.operator);
    if (before !== undefined && before.publicKey !== entry.publicKey) {
      throw new AttestationError(
        'WRONG_OPERATOR',
        `operator ${entry.operator} is invited with another key than it is added to with`,
      );
    }
    merged.set(entry.operator, {
      ...entry,
      builders: [...(before?.builders ?? []), ...entry.builders],
    });
  }
  const all = [...merged.values()];
  checkRosterKeys(all);
  return all;
}
