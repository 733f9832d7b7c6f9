import { setTimeout as wait } from 'node:timers/promises';
import type { ArtifactReader } from '#libs/image';

/** How artifacts are read for answers. */
export interface ReadingLimits {
  /** Readers that stay open, for who asks once asks again; each may hold much disk. */
  readonly mostOpen: number;
  /** Questions that may wait for the one that reads. */
  readonly mostWaiting: number;
  /** How long whoever asks waits; the reading may go on, and serve who asks again. */
  readonly answerMs: number;
  /** How long one reading may take at most. */
  readonly readingMs: number;
  /** How long a reader stays open that nobody uses. */
  readonly idleMs: number;
}

export const READING_LIMITS: ReadingLimits = {
  mostOpen: 2,
  mostWaiting: 8,
  answerMs: 25_000,
  readingMs: 10 * 60_000,
  idleMs: 5 * 60_000,
};

/** Why an artifact was not read. */
export class ReadingRefused extends Error {
  override readonly name = 'ReadingRefused';
  constructor(readonly reason: 'busy' | 'timeout') {
    super(reason);
  }
}

interface Open {
  readonly reader: Promise<ArtifactReader>;
  readonly ended: AbortController;
}

/** Reads artifacts for answers: one at a time, and a few readers stay open. */
export class OpenReaders {
  private readonly open = new Map<string, Open>();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly openReader: (path: string, signal: AbortSignal) => Promise<ArtifactReader>,
    /** Told how long each reading took, also one that nobody waits for any more. */
    private readonly onRead: (ms: number) => void,
    private readonly limits: ReadingLimits = READING_LIMITS,
  ) {}

  /**
   * Reads of one artifact, after whoever asked before.
   *
   * @throws ReadingRefused; whatever `read` throws
   */
  async use<T>(path: string, read: (reader: ArtifactReader) => Promise<T>): Promise<T> {
    if (this.waiting >= this.limits.mostWaiting) throw new ReadingRefused('busy');
    this.waiting += 1;
    const givenUp = new AbortController();
    const step = this.last
      .then(async () => {
        // Who waited in vain is not read for: those behind would wait for nobody's sake.
        if (givenUp.signal.aborted) throw new ReadingRefused('timeout');
        if (this.isClosed) throw new ReadingRefused('busy');
        return this.read(path, read);
      })
      .finally(() => {
        this.waiting -= 1;
      });
    this.last = step.catch(() => undefined);
    const timer = new AbortController();
    try {
      return await Promise.race([step, this.timeout(timer.signal)]);
    } finally {
      timer.abort();
      givenUp.abort();
    }
  }

  /** Ends all readers, also the one that reads; who waits is refused. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.endAll();
    await this.last;
    if (this.idle !== null) clearTimeout(this.idle);
  }

  private async timeout(signal: AbortSignal): Promise<never> {
    await wait(this.limits.answerMs, undefined, { signal });
    throw new ReadingRefused('timeout');
  }

  private async read<T>(path: string, read: (reader: ArtifactReader) => Promise<T>): Promise<T> {
    if (this.idle !== null) clearTimeout(this.idle);
    const startedAt = performance.now();
    const limit = setTimeout(() => void this.end(path), this.limits.readingMs);
    try {
      return await read(await this.readerOf(path));
    } finally {
      clearTimeout(limit);
      this.onRead(performance.now() - startedAt);
      this.idle = setTimeout(() => void this.endAll(), this.limits.idleMs).unref();
    }
  }

  private async readerOf(path: string): Promise<ArtifactReader> {
    const known = this.open.get(path);
    // Put behind the others: the first is the one that was not used for longest.
    this.open.delete(path);
    if (known !== undefined) {
      this.open.set(path, known);
      return known.reader;
    }
    const tooMany = this.open.size - (this.limits.mostOpen - 1);
    for (const other of [...this.open.keys()].slice(0, Math.max(0, tooMany))) await this.end(other);
    const ended = new AbortController();
    const reader = this.openReader(path, ended.signal);
    this.open.set(path, { reader, ended });
    reader.catch(() => {
      if (this.open.get(path)?.reader === reader) this.open.delete(path);
    });
    return reader;
  }

  private async endAll(): Promise<void> {
    for (const path of [...this.open.keys()]) await this.end(path);
  }

  private async end(path: string): Promise<void> {
    const open = this.open.get(path);
    if (open === undefined) return;
    this.open.delete(path);
    open.ended.abort();
    await open.reader.then((reader) => reader.close()).catch(() => undefined);
  }
}
