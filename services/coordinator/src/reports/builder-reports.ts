import type { BuilderReport } from '#libs/contracts';
import type { RoundBuilderEntity } from '#libs/persistence';
import type { LoadedRound } from '../rounds/round-store.js';

/** Tells what each invited builder did, in roster order of operator and builder. */
export function builderReports({ builders, state, results }: LoadedRound): BuilderReport[] {
  return builders.map((seat) => {
    const result = results.get(seat.builder);
    return {
      operator: seat.operator,
      builder: seat.builder,
      state: stateOf(seat, state.phase, result?.kind),
      stage: seat.stage,
      percent: seat.percent,
      failure:
        result?.kind === 'failed'
          ? { stage: result.stage, class: result.class, message: result.message }
          : null,
      commitIndex: seat.commitIndex,
      resultIndex: seat.resultIndex,
      attestation: seat.resultSha256,
      startedAt: result?.startedAt ?? null,
      finishedAt: result?.finishedAt ?? null,
      environment: result?.environment ?? null,
    };
  });
}

function stateOf(
  seat: RoundBuilderEntity,
  phase: LoadedRound['state']['phase'],
  result: 'built' | 'failed' | undefined,
): BuilderReport['state'] {
  if (seat.isLate) return 'late';
  if (result !== undefined && seat.isCounted) return result;
  if (seat.commitment !== null) return phase === 'final' ? 'unrevealed' : 'committed';
  if (phase !== 'open') return 'absent';
  return seat.stage === null || seat.stage === 'waiting' ? 'waiting' : 'building';
}
