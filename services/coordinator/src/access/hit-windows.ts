import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';

/** Addresses that are remembered: who has more of them than this has won nothing by it. */
const MAX_KEYS = 100_000;

interface Window {
  hits: number;
  readonly endsAt: number;
}

type Counted = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Counts in windows that begin with the first hit: in little memory, however many addresses ask. */
export class HitWindows implements ThrottlerStorage {
  private readonly windows = new LRUCache<string, Window>({ max: MAX_KEYS });

  constructor(private readonly now: () => number = Date.now) {}

  /** Counts one hit; `isBlocked` from the first one beyond the limit to the end of its window. */
  count(key: string, windowMs: number, limit: number): Counted {
    const window = this.current(key, windowMs);
    window.hits += 1;
    return this.told(window, limit);
  }

  /** Tells how a key stands without counting. */
  look(key: string, windowMs: number, limit: number): Counted {
    return this.told(this.current(key, windowMs), limit - 1);
  }

  increment(key: string, ttl: number, limit: number): Promise<Counted> {
    return Promise.resolve(this.count(key, ttl, limit));
  }

  private current(key: string, windowMs: number): Window {
    const held = this.windows.get(key);
    if (held !== undefined && held.endsAt > this.now()) return held;
    const begun = { hits: 0, endsAt: this.now() + windowMs };
    this.windows.set(key, begun);
    return begun;
  }

  private told({ hits, endsAt }: Window, limit: number): Counted {
    const seconds = Math.max(1, Math.ceil((endsAt - this.now()) / 1000));
    const isBlocked = hits > limit;
    return {
      totalHits: hits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }
}
