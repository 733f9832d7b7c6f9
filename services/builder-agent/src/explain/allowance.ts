/** How long the reading of artifacts may keep this machine busy. */
export interface AllowanceLimits {
  /** What may be spent at once. */
  readonly mostMs: number;
  /** What of each millisecond that passes is given back, from 0 to 1. */
  readonly share: number;
}

/** Ten minutes at once, and a tenth of all time: a build beside it hardly notices. */
export const READING_ALLOWANCE: AllowanceLimits = { mostMs: 600_000, share: 0.1 };

/**
 * Time that may be spent on answers. It is given back slowly, so that whoever asks without end gets
 * no more than its share.
 */
export class Allowance {
  private leftMs: number;
  private countedAtMs: number;

  constructor(
    private readonly limits: AllowanceLimits,
    private readonly now: () => number,
  ) {
    this.leftMs = limits.mostMs;
    this.countedAtMs = now();
  }

  /** Whether anything may begin: what began is let end, and owes what it took beyond. */
  hasLeft(): boolean {
    this.refill();
    return this.leftMs > 0;
  }

  spend(ms: number): void {
    this.refill();
    this.leftMs -= ms;
  }

  private refill(): void {
    const { mostMs, share } = this.limits;
    const now = this.now();
    // A clock that goes back gives nothing, and takes nothing.
    const passedMs = Math.max(0, now - this.countedAtMs);
    this.leftMs = Math.min(mostMs, this.leftMs + passedMs * share);
    this.countedAtMs = now;
  }
}
