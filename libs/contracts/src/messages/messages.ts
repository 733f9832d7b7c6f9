import { z } from 'zod';
import { Envelope, Id, Sha256Text, Stage } from '#libs/attestation';

/** A round was opened: the signed RoundOpen is the dispatch. */
export const BuildRequested = z.strictObject({ roundOpen: Envelope });
export type BuildRequested = z.infer<typeof BuildRequested>;

/** A builder's signed commit. */
export const CommitSubmitted = z.strictObject({ envelope: Envelope });
export type CommitSubmitted = z.infer<typeof CommitSubmitted>;

/** A round was closed: builders may show their results. */
export const RoundClosed = z.strictObject({ round: Sha256Text, roundClose: Envelope });
export type RoundClosed = z.infer<typeof RoundClosed>;

/** A builder's signed result. */
export const ResultSubmitted = z.strictObject({ envelope: Envelope });
export type ResultSubmitted = z.infer<typeof ResultSubmitted>;

/** An envelope is in the log for good: its inclusion proof with the checkpoint of its batch. */
export const ReceiptIssued = z.strictObject({
  envelopeSha256: Sha256Text,
  /** A C2SP tlog-proof. */
  proof: z.string().max(65_536),
});
export type ReceiptIssued = z.infer<typeof ReceiptIssued>;

/** What may be known of a builder before the round closes: a stage, a share and byte counts. */
export const Progress = z.strictObject({
  round: Sha256Text,
  builder: Id,
  stage: z.enum(['waiting', ...Stage.options, 'committed', 'revealed']),
  /** 0 to 100 within the stage, where it can be told. */
  percent: z.number().min(0).max(100).nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
});
export type Progress = z.infer<typeof Progress>;
