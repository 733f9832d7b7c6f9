import type { RoundOpen } from '#libs/attestation';
import { isSufficientlyWitnessed } from '#libs/evidence';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import type { Grounds } from '../jobs/job.js';
import type { EvidenceJudgement } from './close-evidence.js';

/** Everything that decides whether a result is shown now. */
export interface Gate {
  readonly open: RoundOpen;
  readonly coordinator: Coordinator;
  readonly judgement: EvidenceJudgement;
  /** The signed note and the close's index in what was judged; null when nobody answered. */
  readonly evidence: { readonly checkpoint: string; readonly closeIndex: number } | null;
  /** When this builder first had the close on its disk. */
  readonly closeKeptAt: Date;
  readonly now: Date;
}

/** Whether a result is shown now, and why. */
export type GateDecision =
  | { readonly kind: 'show'; readonly grounds: Grounds }
  | { readonly kind: 'wait'; readonly reason: string }
  /** The log contradicts itself: as long as it does, nothing is shown. */
  | { readonly kind: 'withhold'; readonly reason: string };

/**
 * Decides whether a builder shows its result: on evidence that holds and that enough witnesses
 * vouched for; on evidence that holds alone, once the round's fallback time has passed, or where the
 * round asks no witnesses. Never without evidence, however long nobody answers: a signed close alone
 * may have been made for this builder, to be logged once somebody else has seen the result.
 */
export function decideReveal(gate: Gate): GateDecision {
  const { open, judgement, evidence } = gate;
  switch (judgement.kind) {
    case 'contradicted':
      return { kind: 'withhold', reason: judgement.reason };
    case 'unusable':
      return { kind: 'wait', reason: judgement.reason };
    case 'verified':
      if (open.witnessing === undefined) return { kind: 'show', grounds: 'unwitnessed' };
      if (evidence !== null && isWitnessed(gate, evidence)) {
        return { kind: 'show', grounds: 'witnessed' };
      }
      if (hasPassed(gate, open.witnessing.fallbackSeconds)) {
        return { kind: 'show', grounds: 'fallback' };
      }
      return { kind: 'wait', reason: 'too few witnesses have cosigned yet' };
  }
}

/** The round's own policy, and never fewer witnesses than keep two forks from both having enough. */
function isWitnessed(
  { open, coordinator: { origin } }: Gate,
  { checkpoint: note, closeIndex }: NonNullable<Gate['evidence']>,
): boolean {
  const policy = open.witnessing?.policy ?? '';
  return isSufficientlyWitnessed({ note, policy, origin, minSize: closeIndex + 1 });
}

/** Whether so many seconds have passed since this builder first had the close. */
export function hasPassed(
  { closeKeptAt, now }: Pick<Gate, 'closeKeptAt' | 'now'>,
  seconds: number,
): boolean {
  return now.getTime() >= closeKeptAt.getTime() + seconds * 1_000;
}
