export { EmbeddedError } from './error.js';
export type { EmbeddedErrorCode } from './error.js';
export type { ServerExit } from './guarded-process.js';
export type { NativeBuild } from './native.js';
export { startNats } from './nats.js';
export type { EmbeddedNats, NatsOptions } from './nats.js';
export { startPostgres } from './postgres.js';
export type { EmbeddedPostgres, PostgresOptions } from './postgres.js';
export { DEFAULT_STAGING_DIR } from './staging.js';
