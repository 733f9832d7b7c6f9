import { MIN_GROUP_MEMBERS, type RoundGroup } from '#libs/attestation';
import { parseThreshold, votesNeeded } from '#libs/consensus';
import type { Group } from '#libs/contracts';
import type { GroupEntity } from '#libs/persistence';

/** Gives a group as everybody may see it. */
export function groupOf({ id, name, members, threshold, about, updatedAt }: GroupEntity): Group {
  return { group: id, name, members, threshold, about, updatedAt: updatedAt.toISOString() };
}

/** Gives a group as a round that is opened now is opened for it. */
export function roundGroupOf({ id, name, members, threshold }: GroupEntity): RoundGroup {
  return { group: id, name, members, threshold };
}

/**
 * Counts how many members of a group have to agree.
 *
 * @throws ConsensusError BAD_THRESHOLD, THRESHOLD_TOO_LOW, THRESHOLD_OUT_OF_REACH
 */
export function neededIn({ members, threshold }: Pick<Group, 'members' | 'threshold'>): number {
  return votesNeeded(parseThreshold(threshold), Math.max(members.length, MIN_GROUP_MEMBERS));
}
