import { commitmentOf, signatureOf, type Envelope } from '#libs/attestation';
import { logEntry } from '#libs/tlog';

/** Makes the log's entry of an envelope: nobody has to be asked what stands in a leaf. */
export function entryOf(envelope: Envelope, publicKey: Uint8Array): Uint8Array {
  const signature = signatureOf(envelope);
  return logEntry({ paeSha256: commitmentOf(envelope), signature, publicKey });
}
