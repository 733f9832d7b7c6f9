import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Id } from '#libs/attestation';
import { ROUTES, type OpenRoundAnswer } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { CalibrationService } from './calibration.service.js';

/** Calibrations on request. */
@Controller(ROUTES.builders)
export class CalibrationController {
  constructor(private readonly calibrations: CalibrationService) {}

  /** Has a builder rebuild what others reproduced. */
  @Post(':builder/calibrate')
  @Access('builders')
  @HttpCode(200)
  calibrate(@Param('builder', new ZodPipe(Id)) builder: string): Promise<OpenRoundAnswer> {
    return this.calibrations.open(builder);
  }
}
