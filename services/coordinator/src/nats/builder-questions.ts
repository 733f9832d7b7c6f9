import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { z } from 'zod';
import { answerBuilder, FloodGate, jsonOf } from '#libs/messaging';
import type { DroppedMessages } from './dropped-messages.js';

/** What builders ask of the coordinator over NATS, and who answers. */
export interface BuilderQuestion<T extends { readonly builder: string }> {
  /** The subject without its last token, which is the builder's id. */
  readonly subject: string;
  readonly schema: z.ZodType<T>;
  /** Questions of one builder; what is more is dropped and counted. */
  readonly perSecond: number;
  /** What is answered to what cannot be read; nothing is where it is left out. */
  readonly unreadable?: null;
  readonly answer: (asked: T) => Promise<unknown>;
  /** Told why a question was not answered: the builder asks again. */
  readonly onError: (error: unknown) => void;
}

/** Answers builders' questions in plain JSON, each by one coordinator, until it is drained. */
export class BuilderQuestions<T extends { readonly builder: string }> {
  private readonly gate: FloodGate;
  private subscription: Subscription | null;

  constructor(
    nats: NatsConnection,
    private readonly dropped: DroppedMessages,
    private readonly question: BuilderQuestion<T>,
  ) {
    this.gate = new FloodGate(question.perSecond, () => performance.now());
    this.subscription = nats.subscribe(`${question.subject}.*`, {
      queue: 'coordinator',
      callback: (error, message) => {
        if (error !== null) return;
        if (this.gate.lets(message.subject)) void this.answer(message);
        else this.dropped.count(message.subject, 'flood');
      },
    });
  }

  /** Answers what has come, and takes no more. */
  async drain(): Promise<void> {
    const { subscription } = this;
    this.subscription = null;
    await subscription?.drain();
  }

  private async answer(message: Msg): Promise<void> {
    const { schema, unreadable, answer, onError } = this.question;
    try {
      const asked = schema.safeParse(jsonOf(message));
      // NATS lets a builder ask on its own subject alone: what names another is none of its business.
      const isOwn = asked.success && message.subject.endsWith(`.${asked.data.builder}`);
      if (!isOwn && unreadable === undefined) return;
      const found = isOwn ? await answer(asked.data) : unreadable;
      if (!answerBuilder(message, found)) this.dropped.count(message.subject, 'misdirected');
    } catch (error) {
      onError(error);
    }
  }
}
