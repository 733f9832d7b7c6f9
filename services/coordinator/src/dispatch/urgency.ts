import type { EntityManager } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import type { Urgency } from '#libs/contracts';
import { ProposalEntity } from '#libs/persistence';

/**
 * Says how urgent a round is to those who build for it. A vote that has ended waits for nothing any
 * more: its round is one on a release.
 */
export async function urgencyOf(manager: EntityManager, open: RoundOpen): Promise<Urgency> {
  const { closesAt, openedAt, proposal, experiment, calibration } = open;
  if (calibration !== undefined) return { class: 'calibration', by: closesAt };
  if (experiment !== undefined) return { class: 'experiment', by: closesAt };
  const held =
    proposal === null ? null : await manager.findOneBy(ProposalEntity, { id: proposal.id });
  const ends = held?.votingEndsAt ?? null;
  if (ends === null || ends.toISOString() <= openedAt) return { class: 'release', by: closesAt };
  return { class: 'vote', by: ends.toISOString() };
}
