const WINDOW_MS = 1_000;

/**
 * Keeps one sender from taking the time that is everybody's: each subject, and so each builder, has so
 * many messages a second, and what is beyond is to be dropped unread.
 */
export class FloodGate {
  private readonly taken = new Map<string, number>();
  private since = -Infinity;

  /**
   * @param perSecond messages of one subject
   * @param clock milliseconds that never go back, such as of `performance.now`
   */
  constructor(
    private readonly perSecond: number,
    private readonly clock: () => number,
  ) {}

  /** Tells whether a message may come through, and counts it. */
  lets(subject: string): boolean {
    const now = this.clock();
    if (now - this.since >= WINDOW_MS) {
      this.taken.clear();
      this.since = now;
    }
    const count = (this.taken.get(subject) ?? 0) + 1;
    this.taken.set(subject, count);
    return count <= this.perSecond;
  }
}
