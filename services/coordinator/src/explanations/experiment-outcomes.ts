import type { EntityManager } from 'typeorm';
import type { RebuildOutcome } from '#libs/divergence';
import { loadRounds, type LoadedRound } from '../rounds/round-store.js';
import type { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { toldFacts } from './split-artifacts.js';
import { judgeRebuild } from './telling-rebuild.js';

/** Most experiments of one round that are taken in: the first ones, so that later ones change nothing. */
const MAX_EXPERIMENTS = 64;

/** A re-build that is not the experiment that was asked for, and why. */
export interface SetAside {
  readonly builder: string;
  readonly because: string;
}

/** What came of the experiments on one artifact, in the order in which they were opened. */
export interface Outcomes {
  readonly telling: readonly RebuildOutcome[];
  readonly setAside: readonly SetAside[];
}

/**
 * Reads what came of a round's experiments, by artifact. A build that failed told nothing; one that is
 * not what was asked for is set aside.
 */
export async function experimentOutcomes(
  manager: EntityManager,
  parent: LoadedRound,
  verified: VerifiedResultsService,
): Promise<ReadonlyMap<string, Outcomes>> {
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
  const outcomes = new Map<string, Outcomes>();
  for (const id of ids) {
    const round = loaded.get(id);
    const artifact = round?.open.experiment?.artifact;
    if (round === undefined || artifact === undefined) continue;
    const { telling, setAside } = outcomes.get(artifact) ?? { telling: [], setAside: [] };
    const one = outcomeOf(round, parent);
    if (one === null) continue;
    outcomes.set(artifact, {
      telling: 'because' in one ? telling : [...telling, one],
      setAside: 'because' in one ? [...setAside, one] : setAside,
    });
  }
  return outcomes;
}

function outcomeOf(round: LoadedRound, parent: LoadedRound): RebuildOutcome | SetAside | null {
  const { experiment } = round.open;
  if (experiment === undefined) return null;
  const { artifact, builder, change } = experiment;
  const [before, after] = [parent, round].map(({ builders, results }) => {
    const isCounted = builders.some((seat) => seat.builder === builder && seat.isCounted);
    const result = isCounted ? results.get(builder) : undefined;
    if (result?.kind !== 'built') return null;
    const output = result.outputs.find(({ name }) => name === artifact);
    return output === undefined ? null : { digest: output.sha256, facts: toldFacts(result) };
  });
  if (before === null || before === undefined || after === null || after === undefined) return null;
  const judged = judgeRebuild(before, after, change);
  if (!judged.isTelling) return { builder, because: judged.because };
  const fact = change?.fact ?? null;
  return { builder, fact, before: before.digest, after: after.digest, along: judged.along };
}
