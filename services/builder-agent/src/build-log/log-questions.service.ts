import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { Signer } from '#libs/attestation';
import {
  BuildLogAsked,
  isAnswerSubject,
  LogTailAsked,
  SUBJECTS,
  subjectFor,
} from '#libs/contracts';
import { answerAsBuilder, FloodGate, jsonOf } from '#libs/messaging';
import { privateWords } from '../build/private-words.js';
import type { Config } from '../config.js';
import { refused, RefusedQuestion } from '../explain/refused-question.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';
import { LogAnswers } from './log-answers.js';

/** Of one kind, in a second: each reads a file. */
const QUESTIONS_PER_SECOND = 40;
/** Questions that may be under way. */
const MAX_WAITING = 8;

/** Answers the coordinator's questions about the logs of builds. */
@Injectable()
export class LogQuestionsService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(LogQuestionsService.name);
  private readonly answers: LogAnswers;
  private readonly gate = new FloodGate(QUESTIONS_PER_SECOND, () => performance.now());
  private subscriptions: readonly Subscription[] = [];
  private waiting = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly builder: Signer,
    @Inject(NATS) private readonly nats: NatsConnection,
    jobs: JobStoreService,
  ) {
    this.answers = new LogAnswers(jobs, () => privateWords(config));
  }

  onModuleInit(): void {
    const { answers } = this;
    this.subscriptions = [
      this.listen(SUBJECTS.buildLog, BuildLogAsked, (asked) => answers.piece(asked)),
      this.listen(SUBJECTS.logTail, LogTailAsked, (asked) => answers.tail(asked)),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    const { subscriptions } = this;
    this.subscriptions = [];
    await Promise.all(subscriptions.map((subscription) => subscription.drain()));
  }

  private listen<T>(
    subject: string,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Subscription {
    return this.nats.subscribe(subjectFor(subject, this.builder.id), {
      callback: (error, message) => {
        if (error === null) void this.respond(message, schema, answer);
      },
    });
  }

  private async respond<T>(
    message: Msg,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Promise<void> {
    // Nobody who asks like this is the coordinator: not even a refusal goes where it says.
    if (!isAnswerSubject(message.reply ?? '', this.builder.id)) return;
    const body = await this.answerTo(message, schema, answer);
    try {
      answerAsBuilder(message, this.builder.id, body);
    } catch (error) {
      this.logger.debug(`an answer was not sent: ${String(error)}`);
    }
  }

  private async answerTo<T>(
    message: Msg,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Promise<object> {
    if (this.config.SHOW_LOGS === 'no') return refused('switched-off');
    if (this.waiting >= MAX_WAITING || !this.gate.lets(message.subject)) return refused('busy');
    const asked = schema.safeParse(jsonOf(message));
    if (!asked.success) return refused('malformed');
    this.waiting += 1;
    try {
      return await answer(asked.data);
    } catch (error) {
      if (error instanceof RefusedQuestion) return refused(error.refusal);
      // Whatever it is, it says something of this machine: the one who asks need not know it.
      this.logger.warn(`a question about a log is not answered: ${String(error)}`);
      return refused('unreadable');
    } finally {
      this.waiting -= 1;
    }
  }
}
