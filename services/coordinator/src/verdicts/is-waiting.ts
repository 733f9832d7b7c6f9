import { IsNull, Not, type EntityManager } from 'typeorm';
import { RoundBuilderEntity, RoundEntity } from '#libs/persistence';

/**
 * Tells that a round cannot make its next move yet. Most envelopes only bring it nearer: for those,
 * all the others need not be read and verified again.
 */
export async function isWaiting(
  manager: EntityManager,
  round: string,
  now: Date,
): Promise<boolean> {
  const row = await manager.findOne(RoundEntity, {
    select: { id: true, phase: true, dueAt: true },
    where: { id: round },
  });
  if (row === null) return true;
  const isDue = row.dueAt !== null && row.dueAt <= now;
  switch (row.phase) {
    case 'open':
      return (
        !isDue && (await manager.existsBy(RoundBuilderEntity, { round, commitment: IsNull() }))
      );
    case 'revealing':
      return (
        !isDue &&
        (await manager.existsBy(RoundBuilderEntity, {
          ...{ round, commitment: Not(IsNull()), isLate: false, isCounted: false },
        }))
      );
    case 'final':
      return true;
  }
}
