import { type BuilderCredentials, orderTo } from '#libs/contracts';

/** Credentials that end are fetched anew when so much of their time is over. */
const FRESH_SHARE = 2 / 3;

/** Tells whether a builder may sign in with these, now. */
export function areUsable({ status, jwt, expiresAt }: BuilderCredentials, now: Date): boolean {
  if (orderTo(status) === 'stop' || status === 'applied') return false;
  return jwt === null || expiresAt === null || Date.parse(expiresAt) > now.getTime();
}

/** When credentials that were had at a time are to be fetched anew; null for those without an end. */
export function renewalOf({ expiresAt }: BuilderCredentials, since: Date): Date | null {
  if (expiresAt === null) return null;
  const lifeMs = Math.max(0, Date.parse(expiresAt) - since.getTime());
  return new Date(since.getTime() + lifeMs * FRESH_SHARE);
}
