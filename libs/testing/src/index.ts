export { useConnection } from './connection.js';
export { connectDatabase, useDataSource } from './data-source.js';
export { makeEntries } from './log-entries.js';
export { natsUrl, useNats } from './nats.js';
export { createDatabase, usePostgres } from './postgres.js';
export type { TestDatabase } from './postgres.js';
