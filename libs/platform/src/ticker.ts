/** When a task runs, and who hears of its failures. */
export interface TickerOptions {
  /** Pause between two runs that nobody asked for, in milliseconds; null runs only when woken. */
  readonly everyMs: number | null;
  /** Told what a run threw; the next run comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Runs one task over and over: at intervals, and at once when woken; never twice at a time. */
export class Ticker {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  /** The run that was asked for and has not begun. */
  private next: PromiseWithResolvers<undefined> | null = null;
  private isStopped = false;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly options: TickerOptions,
  ) {}

  /** Runs now, and from now on at the interval. */
  start(): void {
    const { everyMs } = this.options;
    // A run that takes longer than the interval is followed by the next tick, not by another at once.
    const tick = (): void => {
      if (this.running === null) void this.wake();
    };
    if (everyMs !== null) this.timer = setInterval(tick, everyMs);
    void this.wake();
  }

  /**
   * Asks for a run and resolves once one that began after this call has ended. Asked during a run,
   * the task runs once more: what was written meanwhile is not left lying until the next interval.
   */
  async wake(): Promise<void> {
    if (this.isStopped) {
      await this.running;
      return;
    }
    this.next ??= Promise.withResolvers<undefined>();
    const { promise } = this.next;
    this.running ??= this.run();
    await promise;
  }

  /** Ends the interval and waits for the run under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.next !== null && !this.isStopped) {
      const due = this.next;
      this.next = null;
      try {
        await this.task();
      } catch (error) {
        this.options.onError(error);
      }
      due.resolve(undefined);
    }
    // In the same step as the last look at `next`: what is asked between the two would be lost.
    this.running = null;
    // Once stopped nothing runs any more, and nobody waits for it.
    this.next?.resolve(undefined);
    this.next = null;
  }
}
