import { amendRoster, type RoundAmend } from './round-amend.js';
import type { RosterEntry, RoundOpen } from './round-open.js';

/**
 * Lists everybody who was ever invited to a round: whom RoundOpen names, and whom each amendment
 * added, in the order of their log indices. The one place that tells whose votes a round waits for.
 *
 * @throws AttestationError as amendRoster
 */
export function rosterOf(
  open: Pick<RoundOpen, 'roster'>,
  amends: readonly Pick<RoundAmend, 'added'>[],
): RosterEntry[] {
  return [
    ...amends.reduce<readonly RosterEntry[]>(
      (roster, { added }) => amendRoster(roster, added),
      open.roster,
    ),
  ];
}
