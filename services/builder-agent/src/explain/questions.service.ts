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
  FileBytesAsked,
  FileChunksAsked,
  isAnswerSubject,
  ManifestPagesAsked,
  SUBJECTS,
  subjectFor,
  type QuestionRefusal,
} from '#libs/contracts';
import { ImageError, openArtifact } from '#libs/image';
import { answerAsBuilder, jsonOf } from '#libs/messaging';
import type { Config } from '../config.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';
import { Allowance, READING_ALLOWANCE } from './allowance.js';
import { ArtifactAnswers } from './artifact-answers.js';
import { KeptStoreService } from './kept-store.service.js';
import { OpenReaders, ReadingRefused } from './open-readers.js';
import { refused, RefusedQuestion } from './refused-question.js';
import { spoolLimits } from './spool-limits.js';

/** Questions that may be under way; beyond, who asks is told to come again. */
const MAX_WAITING = 16;

/** What is needed of `EXPLAIN` for a question to be answered. */
type Level = 'pages' | 'bytes';

/**
 * Answers the coordinator's questions about what this builder built, in rounds of which the log has its
 * result: pages of manifests, digests of pieces of files, and bytes with what is private masked. A
 * question needs no signature, for what is answered is public by then.
 */
@Injectable()
export class QuestionsService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(QuestionsService.name);
  private readonly readers: OpenReaders;
  private readonly answers: ArtifactAnswers;
  private readonly allowance = new Allowance(READING_ALLOWANCE, () => performance.now());
  private subscriptions: readonly Subscription[] = [];
  private waiting = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'EXPLAIN'>,
    @Inject(SIGNER) private readonly builder: Signer,
    @Inject(NATS) private readonly nats: NatsConnection,
    jobs: JobStoreService,
    kept: KeptStoreService,
  ) {
    this.readers = new OpenReaders(
      async (path, signal) => {
        const spoolDir = await kept.spool();
        return openArtifact(path, {
          spoolDir,
          limits: await spoolLimits(spoolDir, 1 / 4),
          signal,
        });
      },
      (ms) => {
        this.allowance.spend(ms);
      },
    );
    this.answers = new ArtifactAnswers(jobs, kept, this.readers);
  }

  onModuleInit(): void {
    const { answers } = this;
    this.subscriptions = [
      this.listen(SUBJECTS.manifestPages, 'pages', ManifestPagesAsked, (asked) =>
        answers.pages(asked),
      ),
      this.listen(SUBJECTS.fileChunks, 'bytes', FileChunksAsked, (asked) => answers.chunks(asked)),
      this.listen(SUBJECTS.fileBytes, 'bytes', FileBytesAsked, (asked) => answers.bytes(asked)),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    const { subscriptions } = this;
    this.subscriptions = [];
    await this.readers.close();
    await Promise.all(subscriptions.map((subscription) => subscription.drain()));
  }

  private listen<T>(
    subject: string,
    level: Level,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Subscription {
    return this.nats.subscribe(subjectFor(subject, this.builder.id), {
      callback: (error, message) => {
        if (error === null) void this.respond(message, level, schema, answer);
      },
    });
  }

  private async respond<T>(
    message: Msg,
    level: Level,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Promise<void> {
    // Nobody who asks like this is the coordinator: not even a refusal goes where it says.
    if (!isAnswerSubject(message.reply ?? '', this.builder.id)) return;
    const body = await this.answerTo(message, level, schema, answer);
    try {
      answerAsBuilder(message, this.builder.id, body);
    } catch (error) {
      // Who asked asks again.
      this.logger.debug(`an answer was not sent: ${String(error)}`);
    }
  }

  private async answerTo<T>(
    message: Msg,
    level: Level,
    schema: z.ZodType<T>,
    answer: (asked: T) => Promise<object>,
  ): Promise<object> {
    const { EXPLAIN } = this.config;
    if (EXPLAIN !== 'bytes' && EXPLAIN !== level) return refused('switched-off');
    if (this.waiting >= MAX_WAITING || !this.allowance.hasLeft()) return refused('busy');
    const asked = schema.safeParse(jsonOf(message));
    if (!asked.success) return refused('malformed');
    this.waiting += 1;
    const startedAt = performance.now();
    try {
      return await answer(asked.data);
    } catch (error) {
      return refused(this.refusalOf(error));
    } finally {
      this.waiting -= 1;
      // Readings of artifacts are counted where they end, and waiting for them costs nothing.
      if (level === 'pages') this.allowance.spend(performance.now() - startedAt);
    }
  }

  private refusalOf(error: unknown): QuestionRefusal {
    if (error instanceof RefusedQuestion) return error.refusal;
    if (error instanceof ReadingRefused) return error.reason;
    if (error instanceof ImageError && error.code === 'MEMBER_MISSING') return 'no-such-file';
    if (error instanceof ImageError && error.code === 'INTERRUPTED') return 'timeout';
    // Whatever it is, it says something of this machine: the one who asks need not know it.
    this.logger.warn(`a question is not answered: ${String(error)}`);
    return 'unreadable';
  }
}
