import type { NatsConnection } from '@nats-io/transport-node';
import type { MessagingError } from './error.js';
import { PubAcks, type DurableMessage } from './pub-acks.js';

/** As many as are under way at a time: the server keeps what it has not stored yet in memory. */
const BURST = 256;

/**
 * Publishes many messages to JetStream, in their order, and waits for the streams' words. They
 * acknowledge nothing: only a receipt from the log does.
 *
 * @throws MessagingError NO_STREAM, REFUSED, TOO_LARGE, or NO_ANSWER after 5 s, for the first that is not
 *   taken: any of the others may have been; or what the connection throws, where it is closed
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
 * Publishes many messages as {@link publishAll} does, and gives back those that were refused for
 * themselves (REFUSED, TOO_LARGE), each with the reason: one of them keeps no other from being sent.
 *
 * @throws MessagingError NO_STREAM, or NO_ANSWER after 5 s: any may have been taken; or what the
 *   connection throws, where it is closed
 */
export async function publishEach(
  connection: NatsConnection,
  messages: readonly DurableMessage[],
): Promise<ReadonlyMap<DurableMessage, MessagingError>> {
  const acks = PubAcks.of(connection);
  const refused = new Map<DurableMessage, MessagingError>();
  for (let at = 0; at < messages.length; at += BURST) {
    const burst = messages.slice(at, at + BURST);
    for (const [message, failure] of await acks.publish(burst, isItsOwn)) {
      refused.set(message, failure);
    }
  }
  return refused;
}

function isItsOwn({ code }: MessagingError): boolean {
  return code === 'REFUSED' || code === 'TOO_LARGE';
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
