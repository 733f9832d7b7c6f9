import type { NatsConnection } from '@nats-io/transport-node';
import { PubAcks, type DurableMessage } from './pub-acks.js';

/** As many as are under way at a time: the server keeps what it has not stored yet in memory. */
const BURST = 256;

/**
 * Publishes many messages to JetStream, in their order, and waits for the streams' words. They
 * acknowledge nothing: only a receipt from the log does.
 *
 * @throws MessagingError NO_STREAM, REFUSED, or NO_ANSWER after 5 s, for the first that is not taken: any
 *   of the others may have been; or what the connection throws, where it is closed or a body is too
 *   large for it
 */
export async function publishAll(
  connection: NatsConnection,
  messages: readonly DurableMessage[],
): Promise<void> {
  const acks = PubAcks.of(connection);
  for (let at = 0; at < messages.length; at += BURST) {
    await acks.publish(messages.slice(at, at + BURST));
  }
}

/**
 * Publishes one message as {@link publishAll} does.
 *
 * @throws MessagingError as {@link publishAll}
 */
export async function publishDurably(
  connection: NatsConnection,
  subject: string,
  body: string,
  messageId: string,
): Promise<void> {
  await PubAcks.of(connection).publish([{ subject, body, messageId }]);
}
