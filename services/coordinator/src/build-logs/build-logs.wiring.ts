import { BuildLogsController } from './build-logs.controller.js';
import { BuildLogsService } from './build-logs.service.js';
import { LogReaderService } from './log-reader.service.js';
import { LogTailsService } from './log-tails.service.js';

/** What the module takes of the logs of builds. */
export const BUILD_LOG_CONTROLLERS = [BuildLogsController];
export const BUILD_LOG_PROVIDERS = [BuildLogsService, LogReaderService, LogTailsService];
