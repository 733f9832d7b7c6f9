import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ProblemError, Ticker } from '#libs/platform';
import type { Config } from '../config.js';
import { LeasesService } from '../leases/leases.service.js';
import { CONFIG } from '../tokens.js';
import { CalibrationService } from './calibration.service.js';

const POLL_MS = 2_000;
const LEASE_MS = 10_000;

/** Calibrates builders once they are approved, and takes in how they did. */
@Injectable()
export class CalibrationWatchService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CalibrationWatchService.name);
  private readonly ticker = new Ticker(() => this.checkIfHeld(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`calibrations wait: ${String(error)}`);
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly calibrations: CalibrationService,
    private readonly leases: LeasesService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  private async checkIfHeld(): Promise<void> {
    await this.leases.whileHeld('calibrations', LEASE_MS, () => this.check());
  }

  private async check(): Promise<void> {
    await this.calibrations.takeIn();
    if (this.config.CALIBRATE_BUILDERS === 'false') return;
    for (const builder of await this.calibrations.neverMeasured()) {
      try {
        await this.calibrations.open(builder);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        this.logger.log(`builder ${builder} is not calibrated: ${error.message}`);
        await this.calibrations.keepUnmeasured(builder);
      }
    }
  }
}
