import type { RoundOpen } from '#libs/attestation';
import { isSufficientlyWitnessed } from '#libs/evidence';
import { judgeCosignatures, openCheckpoint, parsePolicy, requiredWitnesses } from '#libs/tlog';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import type { Grounds } from '../jobs/job.js';
import type { EvidenceJudgement } from './close-evidence.js';

/**
 * Longest wait, in seconds, for an answer to a question that older coordinators do not know. It is
 * there for one that is just starting: where a round asks no witnesses, waiting protects nobody.
 */
const UNANSWERED_SECONDS = 60;

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
  /** Whether evidence of this round was contradicted at any time before. */
  readonly wasContradicted: boolean;
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
 * round asks no witnesses. Without any answer only in a round that asks none, after a while: its
 * coordinator may be one that does not know the question.
 */
export function decideReveal(gate: Gate): GateDecision {
  const { open, judgement, evidence } = gate;
  switch (judgement.kind) {
    case 'contradicted':
      return { kind: 'withhold', reason: judgement.reason };
    case 'unusable':
      return decideUnanswered(gate, judgement.reason);
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

function decideUnanswered(gate: Gate, reason: string): GateDecision {
  const { open, wasContradicted } = gate;
  // A round with witnesses has a coordinator that can answer: silence must not be a way around them.
  const waits = open.witnessing !== undefined || wasContradicted;
  const seconds = Math.min(UNANSWERED_SECONDS, Math.floor(open.revealSeconds / 2));
  if (waits || !hasPassed(gate, seconds)) return { kind: 'wait', reason };
  return { kind: 'show', grounds: 'unanswered' };
}

/** The round's own policy, and never fewer witnesses than keep two forks from both having enough. */
function isWitnessed(
  { open, coordinator: { origin, verifier } }: Gate,
  { checkpoint: note, closeIndex }: NonNullable<Gate['evidence']>,
): boolean {
  const policy = open.witnessing?.policy ?? '';
  if (!isSufficientlyWitnessed({ note, policy, origin, minSize: closeIndex + 1 })) return false;
  const parsed = parsePolicy(policy);
  const { cosigners } = judgeCosignatures(parsed, openCheckpoint(note, [verifier], origin));
  const count = parsed.witnesses.length;
  return count > 0 && cosigners.length >= requiredWitnesses(count);
}

function hasPassed({ closeKeptAt, now }: Gate, seconds: number): boolean {
  return now.getTime() >= closeKeptAt.getTime() + seconds * 1_000;
}
