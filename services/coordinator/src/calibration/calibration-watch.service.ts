import { Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { LeasedWork } from '../leases/leased-work.js';
import { LeasesService } from '../leases/leases.service.js';
import { CONFIG } from '../tokens.js';
import { CalibrationService } from './calibration.service.js';

const POLL_MS = 2_000;
const LEASE_MS = 10_000;

/** Calibrates builders once they are approved, and takes in how they did. */
@Injectable()
export class CalibrationWatchService extends LeasedWork {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly calibrations: CalibrationService,
    leases: LeasesService,
  ) {
    const failure = 'calibrations wait';
    super(leases, { lease: 'calibrations', everyMs: POLL_MS, leaseMs: LEASE_MS, failure });
  }

  protected override async work(): Promise<void> {
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
