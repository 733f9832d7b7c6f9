import { In, type EntityManager } from 'typeorm';
import type { NewsAudience } from '#libs/contracts';
import { RoundBuilderEntity } from '#libs/persistence';

/** Whom news concern that are of no round. */
export const NOBODY: NewsAudience = { seats: [], groups: [] };

/** Reads whom news of some rounds concern, by round. */
export async function readAudiences(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<ReadonlyMap<string, NewsAudience>> {
  const seats = await manager.find(RoundBuilderEntity, {
    select: { round: true, builder: true, operator: true },
    where: { round: In([...rounds]) },
  });
  const bySeat = Map.groupBy(seats, ({ round }) => round);
  const held = await manager.query<{ id: string; groups: string[] }[]>(
    `SELECT "id", ARRAY(SELECT jsonb_array_elements("open" -> 'groups') ->> 'group') AS "groups"
     FROM "round" WHERE "id" = ANY($1)`,
    [rounds],
  );
  return new Map(held.map(({ id, groups }) => [id, { seats: bySeat.get(id) ?? [], groups }]));
}
