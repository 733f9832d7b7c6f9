import { ROUTES } from '#libs/contracts';
import type { AccessConfig } from './access-config.js';

/** What requests are counted by, each for itself. */
export const BUCKETS = ['reads', 'changes', 'keys', 'enrolments'] as const;
export type Bucket = (typeof BUCKETS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Whoever asks for these watches over the coordinator, and must see it when nobody else gets through. */
const UNCOUNTED = ['/healthz', '/readyz', '/metrics'];

/** Routes that anybody may call, and that cost the log or the registry room. */
const OWN_BUCKETS: Readonly<Record<string, Bucket>> = {
  [`/${ROUTES.keys}`]: 'keys',
  '/v1/enrolments': 'enrolments',
};

/** Tells what a request counts as; null for what is never counted. */
export function bucketOf(method: string, route: string): Bucket | null {
  if (method !== 'GET' && method !== 'HEAD') return OWN_BUCKETS[route] ?? 'changes';
  return UNCOUNTED.includes(route) ? null : 'reads';
}

/** Gives how many requests of a bucket one address has, and in how long. */
export function limitOf(
  bucket: Bucket,
  config: AccessConfig,
): { readonly limit: number; readonly windowMs: number } {
  switch (bucket) {
    case 'reads':
      return { limit: config.READS_PER_MINUTE, windowMs: MINUTE_MS };
    case 'changes':
      return { limit: config.CHANGES_PER_MINUTE, windowMs: MINUTE_MS };
    case 'keys':
      return { limit: config.KEYS_PER_HOUR, windowMs: HOUR_MS };
    case 'enrolments':
      return { limit: config.ENROLMENTS_PER_HOUR, windowMs: HOUR_MS };
  }
}
