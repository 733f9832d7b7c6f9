import { normalizeIp } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';
import type { AccessConfig } from '../access/access-config.js';
import { limitOf } from '../access/buckets.js';
import type { HitWindows } from '../access/hit-windows.js';
import { limitHeaders } from '../access/limit-headers.js';

const MOST_ADDRESSES = 10_000;

/** Counts reads that no guard sees, in the windows of the guard. */
export class ReadLimit {
  private readonly limit: number;
  private readonly windowMs: number;
  /** Readers come again: what an address counts as is worked out once. */
  private readonly keys = new LRUCache<string, string>({ max: MOST_ADDRESSES });

  constructor(
    private readonly windows: HitWindows,
    config: AccessConfig,
  ) {
    ({ limit: this.limit, windowMs: this.windowMs } = limitOf('reads', config));
  }

  /** Counts one read; gives what its answer says of the limit, names and values in turn, or null beyond it. */
  count(ip: string): readonly string[] | null {
    const { windowMs, limit } = this;
    const key = this.keys.get(ip) ?? this.keyOf(ip);
    const { isBlocked, totalHits, timeToExpire } = this.windows.count(key, windowMs, limit);
    if (isBlocked) return null;
    return limitHeaders('reads', { limit, windowMs, hits: totalHits, seconds: timeToExpire });
  }

  private keyOf(ip: string): string {
    const key = `reads ${normalizeIp(ip)}`;
    this.keys.set(ip, key);
    return key;
  }
}
