import { createPrivateKey, sign } from 'node:crypto';
import type { Authenticator } from '@nats-io/transport-node';

/** What a client signs in with on a server with accounts. */
export type NatsCredentials = {
  /** The user JWT that is good now; asked at each connect and reconnect. */
  readonly jwt: () => string;
} & NatsKey;

/** The key that a JWT is for. It signs, and never leaves the process. */
export type NatsKey =
  /** Its 32 byte Ed25519 seed. */
  | { readonly seed: Uint8Array }
  /** What gives the 64 byte Ed25519 signature of the server's nonce. */
  | { readonly sign: (nonce: Uint8Array) => Uint8Array };

/**
 * PKCS #8 around the seed of an Ed25519 key.
 *
 * Source: RFC 8410, section 7
 */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/**
 * Makes of credentials what a NATS client takes.
 *
 * Source: NATS client protocol, CONNECT (`jwt`, `sig`)
 *
 * @throws RangeError for a seed of another length
 */
export function authenticatorOf(credentials: NatsCredentials): Authenticator {
  const signNonce = 'sign' in credentials ? credentials.sign : signerOf(credentials.seed);
  return (nonce) => ({
    jwt: credentials.jwt(),
    sig: nonce === undefined ? '' : base64Url(signNonce(Buffer.from(nonce))),
  });
}

function signerOf(seed: Uint8Array): (nonce: Uint8Array) => Uint8Array {
  if (seed.length !== SEED_BYTES) {
    throw new RangeError(`a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
  }
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return (nonce) => sign(null, nonce, key);
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
