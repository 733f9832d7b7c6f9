import { In, type EntityManager } from 'typeorm';
import { ArtifactClusterEntity } from '../entities/artifact-cluster.entity.js';
import { RoundStandingEntity } from '../entities/round-standing.entity.js';
import { RoundSummaryEntity } from '../entities/round-summary.entity.js';
import type { DecidedRound } from './decided-round.js';

const INSERTED_ROWS = 1000;

/** Writes the rows of rounds that have none. */
export async function saveDecided(
  manager: EntityManager,
  decided: readonly DecidedRound[],
): Promise<void> {
  const summaries = decided.map(({ summary }) => summary);
  for (const rows of chunks(summaries)) await manager.insert(RoundSummaryEntity, [...rows]);
  const clusters = decided.flatMap((each) => each.clusters);
  for (const rows of chunks(clusters)) await manager.insert(ArtifactClusterEntity, [...rows]);
  const standings = decided.flatMap((each) => each.standings);
  if (standings.length === 0) return;
  await manager.query(
    `INSERT INTO "round_standing" ("round", "builder", "standing")
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    [
      standings.map(({ round }) => round),
      standings.map(({ builder }) => builder),
      standings.map(({ standing }) => standing),
    ],
  );
}

/** A statement takes 65,535 parameters. */
function chunks<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / INSERTED_ROWS) }, (_, at) =>
    rows.slice(at * INSERTED_ROWS, (at + 1) * INSERTED_ROWS),
  );
}

/** Takes them away: a round that was rebuilt may have no verdict. */
export async function forgetDecided(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<void> {
  const round = In([...rounds]);
  await manager.delete(RoundSummaryEntity, { round });
  await manager.delete(ArtifactClusterEntity, { round });
  await manager.delete(RoundStandingEntity, { round });
}

/** Reads what is stored of a round's verdict; without a summary the round is taken as undecided. */
export async function storedDecided(
  manager: EntityManager,
  round: string,
): Promise<{ readonly summary: RoundSummaryEntity | null } & Omit<DecidedRound, 'summary'>> {
  return {
    summary: await manager.findOneBy(RoundSummaryEntity, { round }),
    clusters: await manager.find(ArtifactClusterEntity, {
      where: { round },
      order: { position: 'ASC' },
    }),
    standings: await manager.find(RoundStandingEntity, {
      where: { round },
      order: { builder: 'ASC' },
    }),
  };
}
