import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Ticker } from '#libs/platform';
import { JobRunnerService } from '../jobs/job-runner.service.js';
import { MoodService } from './mood.service.js';

const LOOK_MS = 1_000;

/** Knows when a draining agent has nothing left to do, and may end. */
@Injectable()
export class DrainService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DrainService.name);
  private readonly over = Promise.withResolvers<undefined>();
  private readonly ticker = new Ticker(() => this.look(), {
    everyMs: LOOK_MS,
    onError: (error) => {
      this.logger.error(error);
    },
  });

  constructor(
    private readonly runner: JobRunnerService,
    private readonly mood: MoodService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  /**
   * Resolves once a draining agent has shown all that it committed to, and all of that is in the log;
   * or once nothing runs any more, for a builder that the coordinator will not have any longer.
   */
  drained(): Promise<void> {
    return this.over.promise;
  }

  private async look(): Promise<void> {
    if ((await this.mood.mood()) !== 'draining') return;
    const { isDone, running } = await this.runner.workload();
    if (isDone || (this.mood.isUnwanted && running.length === 0)) this.over.resolve(undefined);
  }
}
