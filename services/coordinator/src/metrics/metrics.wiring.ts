import { AfterCommit } from './after-commit.js';
import { CoordinatorMeters } from './coordinator-meters.js';
import { MetricsService } from './metrics.service.js';
import { ResultMetrics } from './result-metrics.js';

/** What counts, and who gives it out. */
export const METRICS_PROVIDERS = [CoordinatorMeters, AfterCommit, ResultMetrics, MetricsService];
