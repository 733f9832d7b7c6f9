import type { EntityManager } from 'typeorm';
import type { ExperimentOutcome } from '#libs/divergence';
import { loadRounds, type LoadedRound } from '../rounds/round-store.js';
import type { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { toldFacts } from './split-artifacts.js';
import { isTelling } from './telling-rebuild.js';

/** Most experiments of one round that are taken in: the first ones, so that later ones change nothing. */
const MAX_EXPERIMENTS = 64;

/**
 * Reads what came of a round's experiments, by artifact, in the order in which they were opened. A
 * build that failed told nothing; nor did one of which it cannot be seen that the change was made.
 */
export async function experimentOutcomes(
  manager: EntityManager,
  parent: LoadedRound,
  verified: VerifiedResultsService,
): Promise<ReadonlyMap<string, readonly ExperimentOutcome[]>> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT "id" FROM "round" WHERE "release" = $1 AND "phase" = 'final'
       AND "open"->'experiment'->>'round' = $2
     ORDER BY "opened_at", "id" LIMIT $3`,
    [parent.row.release, parent.row.id, MAX_EXPERIMENTS],
  );
  const ids = rows.map(({ id }) => id);
  const loaded = new Map(
    (await loadRounds(manager, ids, verified)).map((round) => [round.row.id, round]),
  );
  const outcomes = new Map<string, ExperimentOutcome[]>();
  for (const id of ids) {
    const round = loaded.get(id);
    const outcome = round === undefined ? null : outcomeOf(round, parent);
    if (outcome === null) continue;
    outcomes.set(outcome.artifact, [...(outcomes.get(outcome.artifact) ?? []), outcome]);
  }
  return outcomes;
}

function outcomeOf(
  round: LoadedRound,
  parent: LoadedRound,
): (ExperimentOutcome & { readonly artifact: string }) | null {
  const { experiment } = round.open;
  if (experiment === undefined) return null;
  const { artifact, builder, change } = experiment;
  const [before, after] = [parent, round].map(({ builders, results }) => {
    const isCounted = builders.some((seat) => seat.builder === builder && seat.isCounted);
    const result = isCounted ? results.get(builder) : undefined;
    if (result?.kind !== 'built') return null;
    const output = result.outputs.find(({ name }) => name === artifact);
    const value = change === null ? undefined : toldFacts(result)[change.fact];
    return output === undefined ? null : { digest: output.sha256, value };
  });
  if (before === null || before === undefined || after === null || after === undefined) return null;
  if (change !== null && !isTelling(before, after)) return null;
  const fact = change?.fact ?? null;
  return { artifact, builder, fact, before: before.digest, after: after.digest };
}
