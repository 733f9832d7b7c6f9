import {
  createInbox,
  headers,
  InvalidArgumentError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import { z } from 'zod';
import { MessagingError } from './error.js';

/** A message that a stream is to keep. */
export interface DurableMessage {
  readonly subject: string;
  readonly body: string;
  /**
   * MUST be unguessable before it is published: the server drops any later message with the same
   * one, whoever sends it.
   */
  readonly messageId: string;
}

const ANSWER_MS = 5_000;
const NO_RESPONDERS = 503;
/**
 * The body, or its header, is larger than the stream takes.
 *
 * Source: nats-server, server/errors.json, JSStreamMessageExceedsMaximumErr and
 * JSStreamHeaderExceedsMaximumErr
 */
const EXCEEDS_MAXIMUM: readonly unknown[] = [10054, 10097];

/** A stream's word: which one keeps the message, or why it does not. */
const PubAck = z.union([
  z.object({ error: z.object({ err_code: z.number().optional(), description: z.string() }) }),
  z.object({ stream: z.string().min(1) }),
]);

type Take = (failure: MessagingError | null) => void;

/**
 * Publishes to JetStream on one connection. All words of the streams come to one inbox, and nothing
 * but a callback waits for each: as requests they cost several times as much.
 */
export class PubAcks {
  private static readonly all = new WeakMap<NatsConnection, PubAcks>();

  private readonly inbox = createInbox();
  private readonly waiting = new Map<string, Take>();
  private serial = 0;

  private constructor(private readonly connection: NatsConnection) {
    connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) {
          this.giveUp(error);
          return;
        }
        const take = this.waiting.get(message.subject);
        // A second word on one message is not one on another.
        this.waiting.delete(message.subject);
        take?.(failureIn(message));
      },
    });
    void connection.closed().then(() => {
      this.giveUp();
    });
  }

  static of(connection: NatsConnection): PubAcks {
    const existing = PubAcks.all.get(connection);
    if (existing !== undefined) return existing;
    const made = new PubAcks(connection);
    PubAcks.all.set(connection, made);
    return made;
  }

  /**
   * Publishes all, then waits for all words.
   *
   * @param isOwn tells of what is not taken whether it speaks of its message alone; such ones are given
   *   back, and all others are waited for
   * @throws MessagingError of the first other one that is not taken; what the connection throws where it
   *   is closed
   */
  async publish(
    messages: readonly DurableMessage[],
    isOwn: (failure: MessagingError) => boolean = () => false,
  ): Promise<ReadonlyMap<DurableMessage, MessagingError>> {
    const refused = new Map<DurableMessage, MessagingError>();
    if (messages.length === 0) return refused;
    const replies: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        let missing = messages.length;
        timer = setTimeout(() => {
          const count = `${missing} of ${messages.length} messages`;
          reject(new MessagingError('NO_ANSWER', `no word on ${count} in ${ANSWER_MS} ms`));
        }, ANSWER_MS);
        const take = (message: DurableMessage, failure: MessagingError | null): void => {
          missing -= 1;
          if (failure !== null) {
            if (isOwn(failure)) refused.set(message, failure);
            else reject(failure);
          }
          if (missing === 0) resolve();
        };
        let [text, bytes] = ['', Buffer.alloc(0)];
        for (const message of messages) {
          const { subject, body, messageId } = message;
          // What goes to many is one text, and is made bytes of once.
          if (body !== text) [text, bytes] = [body, Buffer.from(body)];
          const reply = `${this.inbox}.${(this.serial += 1)}`;
          replies.push(reply);
          this.waiting.set(reply, (failure) => {
            take(message, failure);
          });
          try {
            this.connection.publish(subject, bytes, { reply, headers: idHeader(messageId) });
          } catch (error) {
            take(message, unsendable(error));
          }
        }
      });
    } finally {
      clearTimeout(timer);
      for (const reply of replies) this.waiting.delete(reply);
    }
    return refused;
  }

  private giveUp(cause?: Error): void {
    const failure = new MessagingError('NO_ANSWER', 'the connection gives no words', { cause });
    for (const take of this.waiting.values()) take(failure);
  }
}

function idHeader(messageId: string): MsgHdrs {
  const id = headers();
  id.set('Nats-Msg-Id', messageId);
  return id;
}

/** Tells why the connection did not even send it; throws what says nothing of the message. */
function unsendable(error: unknown): MessagingError {
  if (error instanceof InvalidArgumentError && error.message.includes('max_payload')) {
    return new MessagingError('TOO_LARGE', 'it is larger than the server takes', { cause: error });
  }
  throw error;
}

/** Never throws: whoever knows the inbox can send anything there. */
function failureIn(message: Msg): MessagingError | null {
  if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
    return new MessagingError('NO_STREAM', 'no stream keeps what is sent to this subject');
  }
  try {
    const word = PubAck.parse(message.json());
    if (!('error' in word)) return null;
    const { err_code: code, description } = word.error;
    return new MessagingError(
      EXCEEDS_MAXIMUM.includes(code) ? 'TOO_LARGE' : 'REFUSED',
      description,
    );
  } catch (cause) {
    return new MessagingError('REFUSED', 'the answer is not a word of a stream', { cause });
  }
}
