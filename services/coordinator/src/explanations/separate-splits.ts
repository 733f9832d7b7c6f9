import {
  ExactTables,
  separatorsInSteps,
  type Observation,
  type Separators,
} from '#libs/divergence';
import { inTurns } from './in-turns.js';
import type { SplitArtifact } from './split-artifacts.js';

/**
 * Ranks the facts of each artifact that split, by artifact. It depends on what is logged alone, so that
 * one look at a round does it once, whatever builders answer meanwhile.
 */
export async function separateSplits(
  splits: readonly SplitArtifact[],
  earlier: ReadonlyMap<string, readonly (readonly Observation[])[]>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Separators>> {
  const tables = new ExactTables();
  const separated = new Map<string, Separators>();
  for (const { name, observations } of splits) {
    const work = separatorsInSteps(observations, { earlier: earlier.get(name) ?? [], tables });
    separated.set(name, await inTurns(work, signal));
  }
  return separated;
}
