import { z } from 'zod';
import { Bytes32, Envelope, Label, NAMESPACE } from '#libs/attestation';

/** What the first line of a file with receipts says it is. */
export const RECEIPTS_TYPE = `${NAMESPACE}/receipts/v1`;

/** The first line: of which log. */
export const ReceiptsHeader = z.object({
  receipts: z.literal(RECEIPTS_TYPE),
  origin: Label,
});
export type ReceiptsHeader = z.infer<typeof ReceiptsHeader>;

/** An envelope that a builder holds, its own or the coordinator's. */
export const ReceiptsEnvelope = z.object({
  type: z.literal('envelope'),
  /** Base64 of the 32 bytes that its leaf names. */
  publicKey: Bytes32,
  envelope: Envelope,
  /** The tlog-proof that it is logged; null for what its holder was sent without one. */
  proof: z.string().max(131_072).nullable(),
});

/** The newest checkpoint that the builder has verified: a signed note. */
export const ReceiptsCheckpoint = z.object({
  type: z.literal('checkpoint'),
  note: z.string().min(1).max(500_000),
});

/**
 * Every line but the first of what an agent gives out for the restore of a log: JSON Lines, in any
 * order. Nothing of it is believed: docs/restore.md.
 */
export const ReceiptsLine = z.discriminatedUnion('type', [ReceiptsEnvelope, ReceiptsCheckpoint]);
export type ReceiptsLine = z.infer<typeof ReceiptsLine>;
