import { createPrivateKey, createPublicKey } from 'node:crypto';
import nacl from 'tweetnacl';
import { fromBase64Any } from '#libs/encoding';
import { AttestationError } from './error.js';
import { checkPublicKey } from './key-check.js';
import { builderIdOf, keyIdOf } from './key.js';

/** Somebody who can sign. The secret stays inside. */
export interface Signer {
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
  /** Hex SHA-256 of the SPKI DER. */
  readonly keyId: string;
  /** The IC principal of the key. */
  readonly id: string;
  /** Gives the 64 byte Ed25519 signature of a message. */
  sign(message: Uint8Array): Uint8Array;
}

/** Makes a signer of a 32 byte Ed25519 seed. */
export type MakeSigner = (seed: Uint8Array) => Signer;

/**
 * Makes a signer of a 32 byte Ed25519 seed. Signing is tweetnacl's: small, without native code, and
 * its signatures are the same bytes as any RFC 8032 signer's.
 *
 * @throws AttestationError BAD_KEY unless the seed has 32 bytes
 */
export function createSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) {
    throw new AttestationError('BAD_KEY', `an Ed25519 seed has 32 bytes, this has ${seed.length}`);
  }
  const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(seed);
  return {
    publicKey,
    keyId: keyIdOf(publicKey),
    id: builderIdOf(publicKey),
    sign: (message) => nacl.sign.detached(message, secretKey),
  };
}

/**
 * Reads an unencrypted PKCS#8 PEM private key, as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @param make what makes the signer of the seed; who signs by the thousand wants `createNativeSigner`
 * @throws AttestationError BAD_KEY for any other text or algorithm
 */
export function signerFromPem(pem: string, make: MakeSigner = createSigner): Signer {
  let seed: string | undefined;
  try {
    const key = createPrivateKey(pem);
    seed = key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'jwk' }).d : undefined;
  } catch (cause) {
    throw new AttestationError(
      'BAD_KEY',
      'not a PEM private key: make one with `openssl genpkey -algorithm ed25519 -out FILE`',
      { cause },
    );
  }
  if (seed === undefined) {
    throw new AttestationError(
      'BAD_KEY',
      'the key is not Ed25519: make one with `openssl genpkey -algorithm ed25519 -out FILE`',
    );
  }
  return make(fromBase64Any(seed));
}

/**
 * Reads a public key from PEM or from base64 of its 32 raw bytes. A private key is refused, though
 * its public half is in it: nobody should find out later that a roster held a secret. So is a key
 * about which verifiers may differ, as {@link checkPublicKey} has it.
 *
 * @throws AttestationError BAD_KEY, NON_CANONICAL_KEY, SMALL_ORDER_KEY, TORSIONED_KEY
 */
export function publicKeyFromText(text: string): Uint8Array {
  const publicKey = rawKeyOf(text);
  checkPublicKey(publicKey);
  return publicKey;
}

function rawKeyOf(text: string): Uint8Array {
  if (text.includes('PRIVATE KEY')) {
    throw new AttestationError('BAD_KEY', 'this is a private key: give its public key instead');
  }
  try {
    if (!text.includes('-----BEGIN')) {
      const raw = fromBase64Any(text.trim());
      if (raw.length === 32) return raw;
      throw new AttestationError('BAD_KEY', `expected 32 raw bytes, got ${raw.length}`);
    }
    const key = createPublicKey(text);
    const { x } = key.export({ format: 'jwk' });
    if (key.asymmetricKeyType === 'ed25519' && x !== undefined) return fromBase64Any(x);
  } catch (cause) {
    throw new AttestationError('BAD_KEY', 'not an Ed25519 public key (PEM or base64)', { cause });
  }
  throw new AttestationError('BAD_KEY', 'not an Ed25519 public key (PEM or base64)');
}
