import type { ProposalSummary } from '#libs/contracts';

/** Under which heading a proposal stands: what is still open, then what needs to be looked at. */
export type ProposalGroup = 'open' | 'differs' | 'undecided' | 'reproduced' | 'rest';

/**
 * Sorts a proposal. Bytes that differ are never among builds that merely failed: `undecided` means
 * that too few builders brought anything that counts.
 */
export function groupOf({ deadlineAt, kind, newest }: ProposalSummary, now: Date): ProposalGroup {
  if (newest !== null && newest.phase !== 'final') return 'open';
  if (newest === null) {
    const isVotedOn = deadlineAt !== null && new Date(deadlineAt) > now;
    return isVotedOn && kind === 'elects' ? 'open' : 'rest';
  }
  switch (newest.outcome) {
    case 'not-reproduced':
      return 'differs';
    case 'undecided':
      return newest.artifacts.some(({ verdict }) => verdict === 'split') ? 'differs' : 'undecided';
    case 'satisfied':
      return 'reproduced';
    case null:
      return 'rest';
  }
}
