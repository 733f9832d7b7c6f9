import { connect, type NatsConnection } from '@nats-io/transport-node';

/** How a process reaches NATS. */
export interface NatsOptions {
  /** Such as `nats://127.0.0.1:4222`. */
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
}

/**
 * Connects, waits for a server that is not up yet, and reconnects for ever: a builder outlives any
 * restart of its server.
 */
export async function connectNats({ url, name }: NatsOptions): Promise<NatsConnection> {
  return connect({
    servers: url,
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: true,
    pingInterval: 20_000,
    // Each question would have the stack of its asker taken, which costs more than to send it.
    noAsyncTraces: true,
  });
}
