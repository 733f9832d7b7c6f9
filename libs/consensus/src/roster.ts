import { quote } from '#libs/encoding';
import { ConsensusError } from './error.js';

/** An operator and the builders that it answers for, as a round or a tally lists them. */
export interface RosterOperator {
  readonly operator: string;
  readonly builders: readonly string[];
}

/** Everyone who was asked. The eligible operators are these, never those who answered. */
export type Roster = readonly RosterOperator[];

/**
 * Refuses a roster in which somebody would count twice.
 *
 * @throws ConsensusError DUPLICATE_OPERATOR, DUPLICATE_BUILDER
 */
export function checkRoster(roster: Roster): void {
  const operators = new Set<string>();
  const builders = new Set<string>();
  for (const entry of roster) {
    if (operators.has(entry.operator)) {
      throw new ConsensusError(
        'DUPLICATE_OPERATOR',
        `operator ${quote(entry.operator)} is listed twice: list its builders together`,
      );
    }
    operators.add(entry.operator);
    for (const builder of entry.builders) {
      if (builders.has(builder)) {
        throw new ConsensusError(
          'DUPLICATE_BUILDER',
          `builder ${quote(builder)} is listed twice: one builder belongs to one operator`,
        );
      }
      builders.add(builder);
    }
  }
}
