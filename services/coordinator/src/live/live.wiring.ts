import { LiveController } from './live.controller.js';
import { RoundWatchService } from './round-watch.service.js';

/** What the module takes of watching rounds. */
export const LIVE_CONTROLLERS = [LiveController];
export const LIVE_PROVIDERS = [RoundWatchService];
