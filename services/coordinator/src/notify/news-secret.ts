import { createHash, createHmac } from 'node:crypto';
import type { Signer } from '#libs/attestation';

/** Begins with a byte that begins nothing else which the coordinator's key signs. */
const LABEL = new TextEncoder().encode('\u0000repro-quorum news secret v1');

/**
 * Makes the secret of one subscription: `whsec_` and 32 bytes in base64. It is made of the coordinator's
 * key and the subscription's id whenever it is needed, and kept nowhere: neither a database nor its
 * backup has it. The signature that it is made of is the same for ever (RFC 8032), and shown to nobody.
 */
export function secretOf(signer: Signer, subscription: string): string {
  const root = createHash('sha256').update(signer.sign(LABEL)).digest();
  return `whsec_${createHmac('sha256', root).update(subscription).digest('base64')}`;
}

/** What may be kept of a secret: enough to notice that it has become another one. */
export function secretCheck(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}

/** What a signature is made over. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Gives the headers that sign a message.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks, "Signature scheme"
 */
export function signatureHeaders(
  secret: string,
  { id, timestamp, body }: SignedMessage,
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature}`,
  };
}
