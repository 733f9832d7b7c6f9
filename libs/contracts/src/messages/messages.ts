import { z } from 'zod';
import { Envelope, Id, Sha256Text, Stage } from '#libs/attestation';
import { Urgency } from './urgency.js';

/** A round was opened: the signed RoundOpen is the dispatch, with what was added to it since. */
export const BuildRequested = z.strictObject({
  roundOpen: Envelope,
  amends: z.array(Envelope).max(64).optional(),
  /** What to build first; absent where everything is as urgent as everything else. */
  urgency: Urgency.optional(),
});
export type BuildRequested = z.infer<typeof BuildRequested>;

/** A builder's signed commit. */
export const CommitSubmitted = z.strictObject({ envelope: Envelope });
export type CommitSubmitted = z.infer<typeof CommitSubmitted>;

/** A builder's signed word that it does not build for a round. */
export const DeclineSubmitted = z.strictObject({ envelope: Envelope });
export type DeclineSubmitted = z.infer<typeof DeclineSubmitted>;

/** A round was closed: builders may show their results. */
export const RoundClosed = z.strictObject({ round: Sha256Text, roundClose: Envelope });
export type RoundClosed = z.infer<typeof RoundClosed>;

/** A builder's signed result, with its word on what it had verified before it showed it. */
export const ResultSubmitted = z.strictObject({
  envelope: Envelope,
  reveal: Envelope.optional(),
  /** The same result as an in-toto link of the old form, signed by the builder. */
  link: z.record(z.string(), z.unknown()).optional(),
});
export type ResultSubmitted = z.infer<typeof ResultSubmitted>;

/** A round was decided: builders may recompute the verdict, and countersign or refuse it. */
export const VerdictLogged = z.strictObject({ round: Sha256Text, verdict: Envelope });
export type VerdictLogged = z.infer<typeof VerdictLogged>;

/**
 * A builder's answer to a verdict: the verdict's own payload under the builder's signature, or a
 * signed refusal.
 */
export const VerdictAnswered = z.strictObject({ round: Sha256Text, envelope: Envelope });
export type VerdictAnswered = z.infer<typeof VerdictAnswered>;

/** Asks a builder's witness for a cosignature. `body` is a tlog-witness add-checkpoint request. */
export const CosigningAsked = z.strictObject({ body: z.string().max(131_072) });
export type CosigningAsked = z.infer<typeof CosigningAsked>;

/** A witness's answer, as it would stand in HTTP. */
export const CosigningAnswer = z.strictObject({
  status: z.number().int().min(200).max(599),
  /** Cosignature lines for 200, the witness's size for 409, else a reason. */
  body: z.string().max(65_536),
});
export type CosigningAnswer = z.infer<typeof CosigningAnswer>;

/** Asks the coordinator for what a builder has to see before it shows its result. */
export const CloseEvidenceAsked = z.strictObject({
  round: Sha256Text,
  builder: Id,
  /** The size that the builder verified last; 0 when it never saw the log. */
  oldSize: z.number().int().min(0),
});
export type CloseEvidenceAsked = z.infer<typeof CloseEvidenceAsked>;

/**
 * One checkpoint, that the log grew to it from the size that was asked, and that it holds the round's
 * close and the builder's commit. Null while the log has no checkpoint that covers both.
 */
export const CloseEvidence = z.strictObject({
  /** Signed note with all cosignatures that there are. */
  checkpoint: z.string().max(65_536),
  /** Base64 hashes from the asked size; empty from 0 or to the same size. */
  consistency: z.array(z.string().max(44)).max(63),
  commitIndex: z.number().int().min(0),
  commitPath: z.array(z.string().max(44)).max(63),
  closeIndex: z.number().int().min(0),
  closePath: z.array(z.string().max(44)).max(63),
});
export type CloseEvidence = z.infer<typeof CloseEvidence>;

/** What may be known of a builder before the round closes: a stage, a share and byte counts. */
export const Progress = z.strictObject({
  round: Sha256Text,
  builder: Id,
  stage: z.enum(['waiting', ...Stage.options, 'committed', 'withheld', 'revealed']),
  /** 0 to 100 within the stage, where it can be told. */
  percent: z.number().min(0).max(100).nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
});
export type Progress = z.infer<typeof Progress>;
