import { keyIdOf, signatureOf, type Envelope } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';

/**
 * Writes a verified envelope in the one spelling in which it is named, logged and served. Base64 has
 * several, and the key id is not signed: by changing them anybody could have one signed statement
 * logged under ever new names, or under another name than its signer waits for.
 */
export function respell(envelope: Envelope, payload: Uint8Array, key: Uint8Array): Envelope {
  return {
    payload: toBase64(payload),
    payloadType: envelope.payloadType,
    signatures: [{ keyid: keyIdOf(key), sig: toBase64(signatureOf(envelope)) }],
  };
}
