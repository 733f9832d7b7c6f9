import type { NatsConnection } from '@nats-io/transport-node';

/** Calls back whenever a connection that was away is there again; ends with the connection. */
export async function onReconnect(
  connection: Pick<NatsConnection, 'status'>,
  callBack: () => void,
): Promise<void> {
  for await (const { type } of connection.status()) if (type === 'reconnect') callBack();
}
