export { natsUrl, useNats } from './nats.js';
export { createDatabase, usePostgres } from './postgres.js';
export type { TestDatabase } from './postgres.js';
