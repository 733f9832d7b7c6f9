import { AgentMeters } from './agent-meters.js';
import { BuildMeter } from './build-meter.js';
import { MetricsServerService } from './metrics-server.service.js';

/** What measures, and who gives it out. */
export const METRICS_PROVIDERS = [AgentMeters, BuildMeter, MetricsServerService];
