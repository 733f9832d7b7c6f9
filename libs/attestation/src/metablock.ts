import { canonicalize } from '@tufjs/canonical-json';
import { z } from 'zod';
import { canonicalJson, fromHex, toHex } from '#libs/encoding';
import { AttestationError } from './error.js';
import { legacyKeyId } from './legacy-key.js';
import { verifySignature } from './signature.js';
import type { Signer } from './signer.js';

/**
 * Text that every canonical JSON spells alike: the old one escapes no control characters, and sorts
 * by other rules than JavaScript where a character takes two code units.
 */
export const PlainText = z
  .string()
  .max(1000)
  .regex(/^[\x20-\x7e]*$/, 'expected printable ASCII');

/** One signature over the canonical JSON of what is signed. */
export const MetablockSignatures = z
  .array(
    z.object({
      keyid: z.string().regex(/^[0-9a-f]{64}$/),
      sig: z.string().regex(/^[0-9a-f]{128}$/),
    }),
  )
  .length(1);

/** What in-toto signed before there was DSSE. */
export interface Metablock<T> {
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  readonly signed: T;
}

/** Signs metadata of the old form. */
export function signMetablock<T extends object>(signed: T, signer: Signer): Metablock<T> {
  const sig = toHex(signer.sign(signedBytes(signed)));
  return { signatures: [{ keyid: legacyKeyId(signer.publicKey), sig }], signed };
}

/** @throws AttestationError BAD_SIGNATURE unless this very key signed it, under its own key id */
export function verifyMetablock(block: Metablock<object>, publicKey: Uint8Array): void {
  const [signature] = block.signatures;
  const isOurs =
    signature?.keyid === legacyKeyId(publicKey) &&
    verifySignature(publicKey, signedBytes(block.signed), fromHex(signature.sig));
  if (!isOurs) {
    throw new AttestationError('BAD_SIGNATURE', 'the link is not signed by the expected key');
  }
}

/** Writes a link, or a layout, as the file that in-toto reads. */
export function metablockText(block: Metablock<object>): string {
  return `${canonicalJson(block)}\n`;
}

function signedBytes(signed: object): Uint8Array {
  return new TextEncoder().encode(canonicalize(signed));
}
