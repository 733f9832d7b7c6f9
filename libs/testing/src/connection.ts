import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll } from 'vitest';

/**
 * Gives a spec file a connection to a nats-server, opened before its first test and closed after its
 * last one. Call it after the call that starts the server.
 */
export function useConnection(url: () => string): () => NatsConnection {
  let connection: NatsConnection | undefined;
  beforeAll(async () => {
    connection = await connect({ servers: url() });
  });
  afterAll(async () => {
    await connection?.close();
  });
  return () => {
    if (connection === undefined) throw new Error('the connection exists only inside of tests');
    return connection;
  };
}
