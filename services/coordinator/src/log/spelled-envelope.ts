import { IN_TOTO_PAYLOAD, keyIdOf, type Envelope, type SignedParts } from '#libs/attestation';
import { sha256, toBase64, type Sha256 } from '#libs/encoding';

/** A verified envelope in the one spelling in which it is named, logged and served. */
export interface SpelledEnvelope {
  readonly envelope: Envelope;
  /** Its canonical JSON. */
  readonly body: string;
  /** Names it: the digest of `body`. */
  readonly sha256: Sha256;
  /** What a commit to it says: the digest of what was signed. */
  readonly paeSha256: Sha256;
  /** 64 raw bytes. */
  readonly signature: Uint8Array;
  /** 32 raw bytes: the key by which the signature holds. */
  readonly publicKey: Uint8Array;
}

/**
 * Spells a verified envelope. Base64 has several spellings, and the key id is not signed: by changing
 * them anybody could have one signed statement logged under ever new names, or under another name than
 * its signer waits for.
 */
export function spell(
  { payload, message, signature }: SignedParts,
  publicKey: Uint8Array,
): SpelledEnvelope {
  const envelope = {
    payload: toBase64(payload),
    payloadType: IN_TOTO_PAYLOAD,
    signatures: [{ keyid: keyIdOf(publicKey), sig: toBase64(signature) }],
  };
  // Its fields stand in RFC 8785's order, and its texts need no other escapes than JSON's own.
  const body = JSON.stringify(envelope);
  return {
    ...{ envelope, body, sha256: sha256(body), signature, publicKey },
    paeSha256: sha256(message),
  };
}
