import { CalibrationController } from '../calibration/calibration.controller.js';
import { CalibrationService } from '../calibration/calibration.service.js';
import { CalibrationWatchService } from '../calibration/calibration-watch.service.js';
import { RoundChooserService } from '../rounds/round-chooser.service.js';
import { RoundRulesService } from '../rounds/round-rules.service.js';
import { RoundWriterService } from '../rounds/round-writer.service.js';
import { CandidatesService } from './candidates.service.js';
import { ReplacementService } from './replacement.service.js';

/** What the module takes of choosing builders, replacing them and calibrating them. */
export const DISPATCH_CONTROLLERS = [CalibrationController];
export const DISPATCH_PROVIDERS = [
  RoundRulesService,
  RoundWriterService,
  RoundChooserService,
  CandidatesService,
  ReplacementService,
  CalibrationService,
  CalibrationWatchService,
];
