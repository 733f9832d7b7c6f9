import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';

/** As many envelopes as go into the log at a time, and so under one checkpoint. */
const MAX_RECEIPTS = 256;
/** Half of the largest message; one receipt alone is always below it. */
const MAX_BODY_BYTES = 500_000;

/** An envelope is in the log for good: its inclusion proof with the checkpoint of its batch. */
export const Receipt = z.strictObject({
  envelopeSha256: Sha256Text,
  /** A C2SP tlog-proof, whole: what the builder keeps is checked by anybody's verifier. */
  proof: z.string().max(65_536),
});
export type Receipt = z.infer<typeof Receipt>;

/** Receipts of one builder's envelopes, each of which stands for itself. */
export const ReceiptsIssued = z.strictObject({
  receipts: z.array(Receipt).min(1).max(MAX_RECEIPTS),
});
export type ReceiptsIssued = z.infer<typeof ReceiptsIssued>;

/**
 * Writes the bodies of {@link ReceiptsIssued} messages, in the receipts' order: as few as fit 256
 * receipts and 500,000 bytes each, which the stream and every server take. None for none.
 */
export function receiptBodies(receipts: readonly Receipt[]): readonly string[] {
  const bodies: string[] = [];
  let texts: string[] = [];
  let sizeBytes = 0;
  const finish = (): void => {
    if (texts.length > 0) bodies.push(`{"receipts":[${texts.join(',')}]}`);
    texts = [];
    sizeBytes = 0;
  };
  for (const { envelopeSha256, proof } of receipts) {
    const text = JSON.stringify({ envelopeSha256, proof } satisfies Receipt);
    const moreBytes = Buffer.byteLength(text) + 1;
    if (texts.length === MAX_RECEIPTS || sizeBytes + moreBytes > MAX_BODY_BYTES) finish();
    texts.push(text);
    sizeBytes += moreBytes;
  }
  finish();
  return bodies;
}
