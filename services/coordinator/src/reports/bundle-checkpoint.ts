import { MoreThan, type EntityManager } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import { isSufficientlyWitnessed } from '#libs/evidence';
import { CheckpointEntity, cosignedNotes } from '#libs/persistence';

/** Checkpoints that are looked at: witnesses are asked after each, and are seldom further behind. */
const LOOK_BACK = 64;

/** A signed checkpoint with its cosignatures. */
export interface CosignedCheckpoint {
  readonly size: number;
  readonly note: string;
}

/**
 * Gives the checkpoint that a round's bundle is shown in: the newest that covers its verdict and is
 * witnessed as the round asks, or the newest of all where none is.
 */
export async function bundleCheckpoint(
  manager: EntityManager,
  { witnessing }: RoundOpen,
  { origin, verdictIndex }: { readonly origin: string; readonly verdictIndex: number },
): Promise<CosignedCheckpoint | null> {
  const rows = await manager.find(CheckpointEntity, {
    where: { size: MoreThan(verdictIndex) },
    order: { size: 'DESC' },
    take: witnessing === undefined ? 1 : LOOK_BACK,
  });
  const notes = await cosignedNotes(manager, rows);
  const found = rows.map(({ size }, at) => ({ size, note: notes[at] ?? '' }));
  if (witnessing === undefined) return found[0] ?? null;
  const { policy } = witnessing;
  const isEnough = ({ note }: CosignedCheckpoint): boolean =>
    isSufficientlyWitnessed({ note, policy, origin, minSize: verdictIndex + 1 });
  return found.find(isEnough) ?? found[0] ?? null;
}
