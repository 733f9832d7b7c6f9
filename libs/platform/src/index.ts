export { ConfigError, readConfig } from './config.js';
export { LOG_LEVELS, loggingModule } from './logging.js';
export type { LogLevel } from './logging.js';
export { createRegistry } from './metrics.js';
export { ProblemError } from './problem.js';
export type { StatusTable } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export { ZodPipe } from './zod.pipe.js';
