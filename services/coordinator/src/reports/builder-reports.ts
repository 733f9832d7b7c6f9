import { DeclineReason } from '#libs/attestation';
import type { BuilderReport, BuilderView } from '#libs/contracts';
import type { RoundBuilderEntity } from '#libs/persistence';
import { vanishesAt, type Silence } from '../dispatch/missing-builders.js';
import type { LoadedRound } from '../rounds/round-store.js';

/** What is known of builders beside what they said in a round. */
export interface KnownBuilders {
  readonly views: ReadonlyMap<string, BuilderView>;
  readonly silence: Silence;
}

/** Tells what each invited builder did, in roster order of operator and builder. */
export function builderReports(
  { builders, state, results }: Pick<LoadedRound, 'builders' | 'state' | 'results'>,
  { views, silence }: KnownBuilders,
): BuilderReport[] {
  return builders.map((seat) => {
    const result = results.get(seat.builder);
    const calibration = views.get(seat.builder)?.calibration ?? null;
    const vanishes = vanishesAt(seat, silence);
    const hasVanished = state.phase === 'open' && vanishes !== null && vanishes <= silence.now;
    return {
      operator: seat.operator,
      builder: seat.builder,
      state: stateOf(seat, state.phase, result?.kind),
      stage: seat.stage,
      percent: seat.percent,
      ...(isDeclined(seat) && { declined: DeclineReason.parse(seat.declineReason) }),
      ...(hasVanished && { hasVanished }),
      ...(calibration !== null && { calibration }),
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
  if (isDeclined(seat)) return 'declined';
  if (phase !== 'open') return 'absent';
  return seat.stage === null || seat.stage === 'waiting' ? 'waiting' : 'building';
}

function isDeclined({ declineIndex, commitment }: RoundBuilderEntity): boolean {
  return declineIndex !== null && commitment === null;
}
