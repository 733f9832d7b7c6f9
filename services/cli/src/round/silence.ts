const MOST_SILENT_MS = 60_000;

/** Gives a line up on which nothing comes any more: a connection may be dead and never say so. */
export class Silence {
  private readonly controller = new AbortController();
  private timer = this.begin();

  /** Ends a request that is silent for too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Passes on what comes, and counts anew with each piece. */
  async *watch(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        this.end();
        this.timer = this.begin();
        yield chunk;
      }
    } finally {
      this.end();
      this.controller.abort();
    }
  }

  /** Stops counting. */
  end(): void {
    clearTimeout(this.timer);
  }

  private begin(): NodeJS.Timeout {
    return setTimeout(() => {
      this.controller.abort();
    }, MOST_SILENT_MS);
  }
}
