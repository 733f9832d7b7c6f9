import type { EntityManager } from 'typeorm';
import type { Observation } from '#libs/divergence';
import { loadRounds, type LoadedRound } from '../rounds/round-store.js';
import type { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { splitArtifacts } from './split-artifacts.js';

/** Rounds that are pooled with a split: what is true of machines shows in several. */
const MAX_ROUNDS = 12;

/**
 * Reads the observations of earlier rounds that split, by artifact, the newest round first. One round a
 * release, and none of the same one: who builds a commit twice says nothing new the second time, and
 * else anybody could repeat a round until its numbers look certain.
 */
export async function earlierObservations(
  manager: EntityManager,
  { row }: LoadedRound,
  verified: VerifiedResultsService,
): Promise<ReadonlyMap<string, readonly (readonly Observation[])[]>> {
  const found = await manager.query<{ id: string }[]>(
    `SELECT "id" FROM (
       SELECT DISTINCT ON (round."release") round."id", round."opened_at"
       FROM "round" round JOIN "explanation" told ON told."round" = round."id"
       WHERE round."phase" = 'final' AND round."release" <> $1 AND round."opened_at" < $2
         AND (told."body" IS NOT NULL OR told."due_at" IS NOT NULL)
       ORDER BY round."release", round."opened_at" DESC) AS newest
     ORDER BY "opened_at" DESC LIMIT $3`,
    [row.release, row.openedAt, MAX_ROUNDS],
  );
  const ids = found.map(({ id }) => id);
  const rounds = new Map(
    (await loadRounds(manager, ids, verified)).map((loaded) => [loaded.row.id, loaded]),
  );
  const pooled = new Map<string, (readonly Observation[])[]>();
  for (const id of ids) {
    const loaded = rounds.get(id);
    for (const { name, observations } of loaded === undefined ? [] : splitArtifacts(loaded)) {
      pooled.set(name, [...(pooled.get(name) ?? []), observations]);
    }
  }
  return pooled;
}
