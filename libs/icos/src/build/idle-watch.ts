import { measureFolders } from './growth.js';

/** Time is looked at this many times in one idle timeout. */
const LOOKS_PER_TIMEOUT = 4;

/**
 * Aborts its signal when a build makes no progress: no output, and no change in its folders. Never
 * by duration: a machine with one core takes hours and is right.
 *
 * Folders are walked only when the output has been silent for half of the timeout, so the timeout
 * is kept within half of its length.
 */
export class IdleWatch {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private lastProgress = performance.now();
  private measure: string | null = null;
  private isLooking = false;

  constructor(
    private readonly idleTimeoutMs: number,
    private readonly folders: readonly string[],
  ) {
    this.timer = setInterval(() => void this.look(), Math.ceil(idleTimeoutMs / LOOKS_PER_TIMEOUT));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Says that there was output. */
  touch(): void {
    this.lastProgress = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const silentMs = performance.now() - this.lastProgress;
    // A walk over a large tree may take longer than the interval.
    if (this.isLooking || silentMs < this.idleTimeoutMs / 2) return;
    this.isLooking = true;
    const measure = await measureFolders(this.folders);
    this.isLooking = false;
    if (measure !== this.measure) {
      this.measure = measure;
      this.touch();
    } else if (performance.now() - this.lastProgress >= this.idleTimeoutMs) {
      this.controller.abort(new Error(`no progress for ${this.idleTimeoutMs} ms`));
    }
  }
}
