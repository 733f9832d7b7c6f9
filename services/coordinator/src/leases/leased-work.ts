import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Ticker } from '#libs/platform';
import type { LeasesService } from './leases.service.js';

/** When work comes round, and under which name one coordinator keeps it from the others. */
export interface Recurrence {
  readonly lease: string;
  readonly everyMs: number;
  /** How long the work waits for another coordinator when the one that does it dies. */
  readonly leaseMs: number;
  /** What is said where a run fails, with why: "deadlines wait". */
  readonly failure: string;
}

/**
 * A service whose work comes round by itself, from the module's start to the application's end. Any
 * number of coordinators have it, and one at a time does it: {@link LeasesService.whileHeld}.
 */
export abstract class LeasedWork implements OnModuleInit, OnApplicationShutdown {
  protected readonly logger = new Logger(this.constructor.name);
  protected readonly ticker: Ticker;

  constructor(leases: LeasesService, { lease, everyMs, leaseMs, failure }: Recurrence) {
    const run = async (): Promise<void> => {
      await leases.whileHeld(lease, leaseMs, () => this.work());
    };
    const onError = (error: unknown): void => {
      this.logger.warn(`${failure}: ${String(error)}`);
    };
    this.ticker = new Ticker(run, { everyMs, onError });
  }

  onModuleInit(): void {
    this.ticker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  /** One run; harmless when two do it at once. What it throws is told, and the next run comes. */
  protected abstract work(): Promise<void>;
}
