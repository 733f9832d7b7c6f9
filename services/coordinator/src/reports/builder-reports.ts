import { builderIdOf, DeclineReason, type RoundOpen } from '#libs/attestation';
import { builtReports, type BuilderReport, type BuilderView } from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
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
  { open, builders, state, results }: Pick<LoadedRound, 'open' | 'builders' | 'state' | 'results'>,
  { views, silence }: KnownBuilders,
): BuilderReport[] {
  const principals = operatorPrincipals(open);
  return builders.map((seat) => {
    const principal = principals.get(seat.operator);
    const claim = state.claims.get(seat.builder);
    const result = results.get(seat.builder);
    const calibration = views.get(seat.builder)?.calibration ?? null;
    const vanishes = vanishesAt(seat, silence);
    const hasVanished = state.phase === 'open' && vanishes !== null && vanishes <= silence.now;
    return {
      operator: seat.operator,
      ...(principal !== undefined && { operatorPrincipal: principal }),
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
      ...(claim?.kind === 'built' && { built: builtReports(claim) }),
      commitIndex: seat.commitIndex,
      resultIndex: seat.resultIndex,
      attestation: seat.resultSha256,
      startedAt: result?.startedAt ?? null,
      finishedAt: result?.finishedAt ?? null,
      environment: result?.environment ?? null,
    };
  });
}

function operatorPrincipals({ roster }: RoundOpen): ReadonlyMap<string, string> {
  return new Map(
    roster.flatMap(({ operator, publicKey }) =>
      publicKey === undefined ? [] : [[operator, builderIdOf(fromBase64(publicKey))]],
    ),
  );
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
