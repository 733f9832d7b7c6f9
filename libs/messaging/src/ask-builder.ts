import { randomUUID } from 'node:crypto';
import { errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { answerSubject, subjectFor } from '#libs/contracts';
import { MessagingError } from './error.js';

/** A question to one builder. */
export interface BuilderQuestion {
  /** One of `SUBJECTS`, without the builder. */
  readonly subject: string;
  readonly builder: string;
  /** JSON. */
  readonly body: string | Uint8Array;
  readonly timeoutMs: number;
}

/**
 * Asks a builder, and gives back what it answers: a stranger's words. The answer comes to a subject that
 * only this builder may send to, and whose end nobody else can guess: a builder with an account of its
 * own reaches nothing else of the coordinator's, inboxes included.
 *
 * @throws MessagingError AWAY where the builder does not listen, NO_ANSWER where it says nothing in time
 */
export async function askBuilder(
  connection: NatsConnection,
  { subject, builder, body, timeoutMs }: BuilderQuestion,
): Promise<Msg> {
  const reply = answerSubject(builder, randomUUID());
  try {
    return await connection.request(subjectFor(subject, builder), body, {
      timeout: timeoutMs,
      noMux: true,
      reply,
    });
  } catch (cause) {
    if (cause instanceof errors.TimeoutError) {
      throw new MessagingError('NO_ANSWER', `builder ${builder} said nothing in ${timeoutMs} ms`, {
        cause,
      });
    }
    // The client tells that nobody listens in two ways.
    const isAway = cause instanceof errors.NoRespondersError || isNoResponders(cause);
    if (!isAway) throw cause;
    throw new MessagingError('AWAY', `builder ${builder} does not listen`, { cause });
  }
}

function isNoResponders(error: unknown): boolean {
  return error instanceof errors.RequestError && error.isNoResponders();
}
