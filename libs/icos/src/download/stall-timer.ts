import { IcosError } from '../error.js';

/**
 * Aborts its signal when nothing moved for a time, or when the whole took too long: a server that
 * sends one byte a minute moves for ever.
 */
export class StallTimer {
  private readonly controller = new AbortController();
  private readonly stall: NodeJS.Timeout;
  private readonly total: NodeJS.Timeout;

  constructor(what: string, stallTimeoutMs: number, totalTimeoutMs: number) {
    const give = (text: string) => () => {
      this.controller.abort(new IcosError('STALLED', `${what} ${text}`));
    };
    this.stall = setTimeout(give(`sent nothing for ${stallTimeoutMs} ms`), stallTimeoutMs);
    this.total = setTimeout(give(`took more than ${totalTimeoutMs} ms`), totalTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Says that something moved. */
  touch(): void {
    this.stall.refresh();
  }

  stop(): void {
    clearTimeout(this.stall);
    clearTimeout(this.total);
  }
}
