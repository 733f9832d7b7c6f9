import { fromHex, isSha256, quote, toBase64 } from '#libs/encoding';
import type { Sha256 } from '#libs/encoding';
import { TlogError } from './error.js';
import { hashLeaf } from './merkle.js';

/** What a leaf says: who signed which DSSE pre-authentication encoding. */
export interface SignedDigest {
  /** SHA-256 of PAE(payloadType, payload). */
  readonly paeSha256: Sha256;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
  /** Ed25519, the 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

// AlgorithmIdentifier id-Ed25519 and the bit string's head, twelve bytes, so that the text of a key of
// 32 bytes follows the text of these.
const SPKI_HEAD = toBase64(fromHex('302a300506032b6570032100'));
/** The canonical form of an entry, in which three texts, each as long in every entry, are to be filled in. */
const FORM =
  '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{' +
  `"data":{"algorithm":"SHA2_256","digest":"${'D'.repeat(44)}"},` +
  `"signature":{"content":"${'S'.repeat(88)}","verifier":{"keyDetails":"PKIX_ED25519",` +
  `"publicKey":{"rawBytes":"${SPKI_HEAD}${'_'.repeat(44)}"}}}}}}`;
const DIGEST_AT = FORM.indexOf('D'.repeat(44));
const SIGNATURE_AT = FORM.indexOf('S'.repeat(88));
const KEY_AT = FORM.indexOf('_'.repeat(44));
const form = Buffer.from(FORM);

/**
 * Encodes a log entry: canonical JSON (RFC 8785) of a Rekor v2 `hashedrekord` 0.0.2, so that
 * clients of Sigstore can check our leaves; 406 bytes, always. The envelope itself is kept beside
 * the log, by digest.
 *
 * @throws TlogError MALFORMED_ENTRY when digest, signature or key has another length
 * Source: sigstore/rekor-tiles, api/proto/rekor/v2 entry.proto and hashedrekord.proto
 */
export function logEntry(signed: SignedDigest): Uint8Array {
  return new Uint8Array(filled(signed));
}

/**
 * Hashes the leaf of an entry, as {@link hashLeaf} of {@link logEntry} does.
 *
 * @throws TlogError MALFORMED_ENTRY when digest, signature or key has another length
 */
export function hashEntryLeaf(signed: SignedDigest): Uint8Array {
  return hashLeaf(filled(signed));
}

/** Fills in the form, which is there until the next call. Base64 has nothing to escape. */
function filled({ paeSha256, signature, publicKey }: SignedDigest): Buffer {
  if (!isSha256(paeSha256)) {
    throw new TlogError('MALFORMED_ENTRY', `${quote(paeSha256)} is not a sha256`);
  }
  checkLength('signature', signature, 64);
  checkLength('public key', publicKey, 32);
  form.write(Buffer.from(paeSha256, 'hex').toString('base64'), DIGEST_AT, 'latin1');
  form.write(toBase64(signature), SIGNATURE_AT, 'latin1');
  form.write(toBase64(publicKey), KEY_AT, 'latin1');
  return form;
}

function checkLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new TlogError(
    'MALFORMED_ENTRY',
    `${what} has ${bytes.length} bytes, expected ${length} (Ed25519)`,
  );
}
