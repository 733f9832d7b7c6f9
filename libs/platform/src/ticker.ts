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
  private isAsked = false;
  private isStopped = false;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly options: TickerOptions,
  ) {}

  /** Runs now, and from now on at the interval. */
  start(): void {
    const { everyMs } = this.options;
    if (everyMs !== null) this.timer = setInterval(() => void this.wake(), everyMs);
    void this.wake();
  }

  /**
   * Asks for a run and resolves once one that began after this call has ended. Asked during a run,
   * the task runs once more: what was written meanwhile is not left lying until the next interval.
   */
  wake(): Promise<void> {
    this.isAsked = true;
    this.running ??= this.run();
    return this.running;
  }

  /** Ends the interval and waits for the run under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isAsked && !this.isStopped) {
      this.isAsked = false;
      try {
        await this.task();
      } catch (error) {
        this.options.onError(error);
      }
    }
    // In the same step as the last look at `isAsked`: what is asked between the two would be lost.
    this.running = null;
  }
}
