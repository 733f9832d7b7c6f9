import { In, type EntityManager } from 'typeorm';
import { addSignatures } from '#libs/tlog';
import type { CheckpointEntity } from './entities/checkpoint.entity.js';
import { CosignatureEntity } from './entities/cosignature.entity.js';

/**
 * Keeps a witness's word for a checkpoint of this log; the first that it gave for a size stays. The
 * caller MUST have verified the line: one wrong line of a known key spoils the note for its readers.
 */
export async function keepCosignature(
  manager: EntityManager,
  { size, witness, line }: CosignatureEntity,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(CosignatureEntity)
    .values({ size, witness, line })
    .orIgnore()
    .execute();
}

/** Gives the largest size of this log that a witness cosigned, as far as is known here; 0 for none. */
export async function lastCosignedSize(manager: EntityManager, witness: string): Promise<number> {
  const [newest] = await manager.find(CosignatureEntity, {
    where: { witness },
    order: { size: 'DESC' },
    take: 1,
  });
  return newest?.size ?? 0;
}

/** Gives a checkpoint's note with a line of each witness that cosigned it. */
export async function cosignedNote(
  manager: EntityManager,
  checkpoint: CheckpointEntity,
): Promise<string> {
  const [note = checkpoint.note] = await cosignedNotes(manager, [checkpoint]);
  return note;
}

/** {@link cosignedNote} for several checkpoints, in their order, by one query. */
export async function cosignedNotes(
  manager: EntityManager,
  checkpoints: readonly CheckpointEntity[],
): Promise<readonly string[]> {
  const rows = await manager.find(CosignatureEntity, {
    where: { size: In(checkpoints.map(({ size }) => size)) },
    order: { size: 'ASC', witness: 'ASC' },
  });
  return checkpoints.map(({ size, note }) => {
    return addSignatures(
      note,
      rows.filter((row) => row.size === size).map(({ line }) => line),
    );
  });
}
