import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import {
  FileBytesAnswer,
  FileChunksAnswer,
  ManifestPagesAnswer,
  MAX_PAGES_ASKED,
  SUBJECTS,
  type QuestionRefusal,
  type QuestionRefused,
} from '#libs/contracts';
import type { ByteAsker, Chunks, MaskedBytes } from '#libs/divergence';
import { fromBase64 } from '#libs/encoding';
import type { Location, PageSource } from '#libs/manifest';
import { askBuilder, jsonOf } from '#libs/messaging';
import type { AskingBudget } from './asking-budget.js';
import { QuestionFailed } from './question-failed.js';

/** Times out what reads a whole file inside of an image; pages are on disk by their digests. */
const TIMEOUTS_MS = { manifestPages: 10_000, fileChunks: 60_000, fileBytes: 30_000 } as const;
const BUSY_TRIES = 5;
const BUSY_PAUSE_MS = 400;
/** What is answered so today may be answered otherwise tomorrow. */
const PASSING: ReadonlySet<QuestionRefusal> = new Set([
  'switched-off',
  'not-revealed',
  'busy',
  'timeout',
] as const);

type Kind = keyof typeof TIMEOUTS_MS;
type Answer<T> = z.ZodType<T | QuestionRefused>;

/** Whose artifact is asked about. */
export interface AskedArtifact {
  readonly round: string;
  readonly artifact: string;
  readonly builder: string;
}

/**
 * Asks one builder about one artifact that it built, over NATS. What it answers is a stranger's:
 * pages are held against their digests by whoever walks them, and bytes say only what they say. Both
 * reject with QuestionFailed.
 */
export class ArtifactAsker implements ByteAsker {
  private unanswered = false;
  private failures = 0;
  private waited = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly asked: AskedArtifact,
    private readonly budget: AskingBudget,
    private readonly count: (kind: string, outcome: string) => void,
  ) {}

  get builder(): string {
    return this.asked.builder;
  }

  /** The same builder, asked on another budget; what it left unanswered before does not count. */
  on(budget: AskingBudget): ArtifactAsker {
    return new ArtifactAsker(this.nats, this.asked, budget, this.count);
  }

  /** Whether a question went without an answer that may come later. */
  get isUnanswered(): boolean {
    return this.unanswered;
  }

  /** Whether a question was refused, or went without what is an answer. */
  get hasFailed(): boolean {
    return this.failures > 0;
  }

  /** For how long its answers were waited for. */
  get waitedMs(): number {
    return this.waited;
  }

  readonly pages: PageSource = async (digests) => {
    const got: (Uint8Array | null)[] = [];
    while (got.length < digests.length) {
      const next = digests.slice(got.length, got.length + MAX_PAGES_ASKED);
      const { pages } = await this.ask('manifestPages', { digests: next }, ManifestPagesAnswer);
      const read = pages.map((page) => (page === null ? null : fromBase64(page)));
      got.push(...read.slice(0, next.length));
    }
    return got;
  };

  async chunks(
    location: Location,
    chunkBytes: number,
    first: number,
    count: number,
  ): Promise<Chunks> {
    const fields = { location, chunkBytes, first, count };
    const answer = await this.ask('fileChunks', fields, FileChunksAnswer);
    return { ...answer, digests: answer.digests.slice(0, count) };
  }

  async bytes(location: Location, offset: number, length: number): Promise<MaskedBytes> {
    const fields = { location, offset, length };
    const { bytes, masks } = await this.ask('fileBytes', fields, FileBytesAnswer);
    const shown = fromBase64(bytes).subarray(0, length);
    return { bytes: shown, masks: masks.filter((it) => it.offset + it.length <= shown.length) };
  }

  private async ask<T extends object>(kind: Kind, fields: object, form: Answer<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.request(kind, fields, form);
      if (!('refused' in answer)) {
        this.count(kind, 'answered');
        return answer;
      }
      const { refused } = answer;
      this.count(kind, refused);
      if (refused === 'busy' && tries < BUSY_TRIES) {
        await sleep(BUSY_PAUSE_MS * tries, undefined, { ref: false });
        continue;
      }
      throw this.failed(PASSING.has(refused), `answers ${kind} with ${refused}`);
    }
  }

  private async request<T>(
    kind: Kind,
    fields: object,
    form: Answer<T>,
  ): Promise<T | QuestionRefused> {
    this.budget.requireLeft();
    const { round, artifact, builder } = this.asked;
    const body = JSON.stringify({ round, artifact, ...fields });
    const question = { subject: SUBJECTS[kind], builder, body, timeoutMs: TIMEOUTS_MS[kind] };
    const askedAt = performance.now();
    const reply = await this.budget
      .within(askBuilder(this.nats, question))
      .finally(() => {
        this.waited += performance.now() - askedAt;
      })
      .catch((cause: unknown) => {
        this.count(kind, 'away');
        throw this.failed(true, `does not answer ${kind}`, cause);
      });
    this.budget.spend(reply.data.length);
    const answer = form.safeParse(jsonOf(reply));
    if (answer.success) return answer.data;
    this.count(kind, 'malformed');
    throw this.failed(false, `answers ${kind} with what is no answer`, answer.error);
  }

  private failed(isPassing: boolean, what: string, cause?: unknown): QuestionFailed {
    this.unanswered ||= isPassing;
    this.failures += 1;
    return new QuestionFailed(isPassing, `builder ${this.builder} ${what}`, { cause });
  }
}
