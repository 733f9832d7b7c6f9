import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/**
 * Publishes to JetStream and waits for the stream's word. The id MUST be unguessable before it is
 * published, since the server drops any later message with the same one, whoever sends it. The
 * word acknowledges nothing: only a receipt from the log does.
 *
 * @throws when no stream takes the message within 5 s
 */
export async function publishDurably(
  connection: NatsConnection,
  subject: string,
  body: string,
  messageId: string,
): Promise<void> {
  await jetstream(connection, { timeout: 5_000 }).publish(subject, body, { msgID: messageId });
}
