import { z } from 'zod';
import { type BuilderCredentials, orderTo } from '#libs/contracts';

/** Credentials that end are fetched anew when so much of their time is over. */
const FRESH_SHARE = 2 / 3;

/** Tells whether a builder may sign in with these, now. */
export function areUsable({ status, jwt, expiresAt }: BuilderCredentials, now: Date): boolean {
  if (orderTo(status) === 'stop' || status === 'applied') return false;
  return jwt === null || expiresAt === null || Date.parse(expiresAt) > now.getTime();
}

/** As much of a JWT's claims as says for whose key it is. */
const Claims = z.object({ sub: z.string() });

/**
 * Tells whether a NATS key, by its public form, signs in with these. It does not where the coordinator
 * has another one of the builder: its keys were rotated, or are about to be.
 */
export function areFor({ jwt }: BuilderCredentials, natsKey: string): boolean {
  if (jwt === null) return true;
  try {
    const [, claims = ''] = jwt.split('.');
    return Claims.parse(JSON.parse(Buffer.from(claims, 'base64url').toString())).sub === natsKey;
  } catch {
    return false;
  }
}

/** When credentials that were had at a time are to be fetched anew; null for those without an end. */
export function renewalOf({ expiresAt }: BuilderCredentials, since: Date): Date | null {
  if (expiresAt === null) return null;
  const lifeMs = Math.max(0, Date.parse(expiresAt) - since.getTime());
  return new Date(since.getTime() + lifeMs * FRESH_SHARE);
}
