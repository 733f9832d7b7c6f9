import { MoreThanOrEqual, type EntityManager } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import { isSufficientlyWitnessed } from '#libs/evidence';
import { CheckpointEntity, cosignedNotes } from '#libs/persistence';
import { parsePolicy, quorumNeeds } from '#libs/tlog';

/** Checkpoints that are looked at: witnesses are asked after each, and are seldom further behind. */
const LOOK_BACK = 64;

/** A signed checkpoint with its cosignatures. */
export interface CosignedCheckpoint {
  readonly size: number;
  readonly note: string;
}

/**
 * Gives the checkpoint in which something of a round is shown: of those with at least `minSize` leaves
 * the newest that is witnessed as the round asks, else the newest of all; null where there is none.
 * Witnesses follow the log a little behind it, so a sufficient one goes before a newer one.
 */
export async function shownCheckpoint(
  manager: EntityManager,
  { witnessing }: Pick<RoundOpen, 'witnessing'>,
  { origin, minSize }: { readonly origin: string; readonly minSize: number },
): Promise<CosignedCheckpoint | null> {
  const rows = await manager.find(CheckpointEntity, {
    where: { size: MoreThanOrEqual(minSize) },
    order: { size: 'DESC' },
    take: witnessing === undefined ? 1 : LOOK_BACK,
  });
  const notes = await cosignedNotes(manager, rows);
  const shown = rows.map(({ size }, at) => ({ size, note: notes[at] ?? '' }));
  const newest = shown[0] ?? null;
  if (witnessing === undefined) return newest;
  const { policy } = witnessing;
  const { least } = quorumNeeds(parsePolicy(policy));
  // It is asked for again and again while witnesses are missing: signatures are verified only where
  // there are enough of them, the log's own besides.
  const isEnough = ({ note }: CosignedCheckpoint): boolean =>
    signaturesOf(note) > least && isSufficientlyWitnessed({ note, policy, origin, minSize });
  return shown.find(isEnough) ?? newest;
}

function signaturesOf(note: string): number {
  return note.slice(note.lastIndexOf('\n\n') + 2).split('\n').length - 1;
}
