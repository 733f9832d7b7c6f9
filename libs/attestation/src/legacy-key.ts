import { canonicalize } from '@tufjs/canonical-json';
import { sha256, toHex, type Sha256 } from '#libs/encoding';

/** A public key as in-toto metadata of the old form has it. */
export interface LegacyKey {
  readonly keytype: 'ed25519';
  readonly scheme: 'ed25519';
  readonly keyid_hash_algorithms: readonly ['sha256', 'sha512'];
  /** Hex of the 32 raw bytes. */
  readonly keyval: { readonly public: string };
}

/** Writes a public key in the old form: the content of a key file for `in-toto-verify -t ed25519`. */
export function legacyKey(publicKey: Uint8Array): LegacyKey {
  return {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyid_hash_algorithms: ['sha256', 'sha512'],
    keyval: { public: toHex(publicKey) },
  };
}

/**
 * Names a key as in-toto does: the SHA-256 of the key's own canonical JSON, which is not RFC 8785's.
 *
 * Source: securesystemslib 0.26, keys.py `_get_keyid`; OLPC canonical JSON
 */
export function legacyKeyId(publicKey: Uint8Array): Sha256 {
  return sha256(canonicalize(legacyKey(publicKey)));
}
