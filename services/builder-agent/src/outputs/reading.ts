import type { Published, RoundOpen } from '#libs/attestation';
import type { Era } from '#libs/icos';
import type { Config } from '../config.js';
import { observe } from './observe.js';

/** The reading of what is published, which runs beside a build. */
export class Reading {
  private readonly abandoned = new AbortController();
  private readings: Promise<readonly Published[]> = Promise.resolve([]);

  constructor(
    private readonly config: Config,
    private readonly open: RoundOpen,
    private readonly signal: AbortSignal,
  ) {}

  /** Begins, once it is known what the commit publishes. */
  begin(era: Era): void {
    const signal = AbortSignal.any([this.signal, this.abandoned.signal]);
    this.readings = observe(this.config, this.open, era, signal);
    // It is awaited after the build; should it reject before, that is not yet unhandled.
    this.readings.catch(() => undefined);
  }

  /** Waits for everything to be read. */
  end(): Promise<readonly Published[]> {
    return this.readings;
  }

  /** Stops reading for a build that failed: gigabytes that nobody asks for any more. */
  abandon(): void {
    this.abandoned.abort();
  }
}
