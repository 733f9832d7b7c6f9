export { connectNats } from './connection.js';
export type { NatsOptions } from './connection.js';
export { DONE, receive } from './delivery.js';
export type { Delivery } from './delivery.js';
export { JETSTREAM, JetStreamServer } from './jetstream-server.js';
export type { JetStreamServerOptions } from './jetstream-server.js';
export { publishDurably } from './publish.js';
export { ensureBuilderConsumer, ensureBuilderConsumers, ensureStreams } from './streams.js';
export type { StreamsFound } from './streams.js';
