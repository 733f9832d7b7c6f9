import { normalizeIp } from '@nestjs/throttler';
import type { AccessConfig } from '../access/access-config.js';
import { limitOf } from '../access/buckets.js';
import type { HitWindows } from '../access/hit-windows.js';
import { limitHeaders } from '../access/limit-headers.js';

/** Counts reads that no guard sees, in the windows of the guard. */
export class ReadLimit {
  private readonly limit: number;
  private readonly windowMs: number;

  constructor(
    private readonly windows: HitWindows,
    config: AccessConfig,
  ) {
    ({ limit: this.limit, windowMs: this.windowMs } = limitOf('reads', config));
  }

  /** Counts one read; gives what its answer says of the limit, names and values in turn, or null beyond it. */
  count(ip: string): readonly string[] | null {
    const key = `reads ${normalizeIp(ip)}`;
    const { windowMs, limit } = this;
    const { isBlocked, totalHits, timeToExpire } = this.windows.count(key, windowMs, limit);
    if (isBlocked) return null;
    return limitHeaders('reads', { limit, windowMs, hits: totalHits, seconds: timeToExpire });
  }
}
