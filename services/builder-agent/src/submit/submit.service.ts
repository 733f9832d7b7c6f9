import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { envelopeDigest, type Envelope, type Signer } from '#libs/attestation';
import {
  SUBJECTS,
  subjectFor,
  type CommitSubmitted,
  type DeclineSubmitted,
  type Receipt,
  type ResultSubmitted,
  type VerdictAnswered,
} from '#libs/contracts';
import { publishDurably } from '#libs/messaging';
import { Ticker } from '#libs/platform';
import { TlogError, verifyProofFile } from '#libs/tlog';
import type { Config } from '../config.js';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { canSignFor, keyInRound } from '../jobs/invited-key.js';
import { nextStep, type Job } from '../jobs/job.js';
import { entryOf } from '../jobs/log-entry.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { fetchReceipt } from './fetch-receipt.js';
import { onReconnect } from './on-reconnect.js';
import { resultLink } from './result-link.js';
import { CONFIG, COORDINATOR, NATS, SIGNER } from '../tokens.js';

const TICK_MS = 1_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

/**
 * Sends commits and results until the log's receipt is on disk. NATS taking a message means
 * nothing: its store may be lost, or somebody may have used the message's id before.
 */
@Injectable()
export class SubmitService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SubmitService.name);
  /** When, and after what pause, an envelope is sent again; by its digest. */
  private readonly retries = new Map<string, { atMs: number; pauseMs: number }>();
  /** Envelopes whose receipt came: a look that read its jobs before does not know it. */
  private readonly receipted = new Set<string>();
  private readonly ticker = new Ticker(() => this.sendDue(), {
    everyMs: TICK_MS,
    onError: (error) => {
      this.logger.warn(`could not send yet: ${String(error)}`);
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly jobs: JobStoreService,
    private readonly progress: ProgressService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
    void onReconnect(this.nats, () => {
      this.hurry();
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  /** After a connection is back nothing waits out a pause that was meant for one that was away. */
  private hurry(): void {
    for (const retry of this.retries.values()) retry.atMs = performance.now();
    this.wake();
  }

  /** Looks for something to send, now. */
  wake(): void {
    void this.ticker.wake();
  }

  /**
   * Keeps receipts after verifying that each proves one of our own envelopes in the coordinator's
   * log. Receipts of anything else are passed over, and a wrong one costs none of the others.
   *
   * @throws TlogError when a proof or its checkpoint is not the log's, once the others are kept
   */
  async takeReceipts(receipts: readonly Receipt[]): Promise<void> {
    const jobs = await this.jobs.all();
    const refusals: TlogError[] = [];
    for (const receipt of receipts) {
      try {
        for (const job of jobs) await this.takeReceipt(job, receipt);
      } catch (error) {
        if (!(error instanceof TlogError)) throw error;
        refusals.push(error);
      }
    }
    this.wake();
    const [first] = refusals;
    if (first !== undefined) throw first;
  }

  private async takeReceipt(job: Job, { envelopeSha256, proof }: Receipt): Promise<void> {
    const own = ownEnvelope(job, envelopeSha256);
    if (own === null) return;
    const { part, envelope } = own;
    verifyProofFile({
      text: proof,
      entry: entryOf(envelope, keyInRound(job.open, this.signer)),
      verifiers: [this.coordinator.verifier],
      origin: this.coordinator.origin,
    });
    await this.jobs.addReceipt(job.round, part, proof);
    this.receipted.add(envelopeSha256);
    this.retries.delete(envelopeSha256);
    if (part === 'commitReceipt') this.progress.report(job.round, 'committed');
    if (part === 'resultReceipt') this.progress.report(job.round, 'revealed');
    this.logger.log(`round ${job.round.slice(0, 12)}: ${part} is in the log`);
  }

  private async sendDue(): Promise<void> {
    for (const job of await this.jobs.pending()) {
      const { round, answer, answerReceipt } = job;
      if (answer !== null && answerReceipt === null) {
        await this.send(SUBJECTS.verdictAnswered, { round, envelope: answer });
      }
      const step = nextStep(job);
      if (step === 'decline' && job.declined !== null) {
        await this.send(SUBJECTS.declined, { envelope: job.declined });
      }
      if (job.sealed === null) continue;
      const { commit, result } = job.sealed;
      if (step === 'commit') await this.send(SUBJECTS.commitSubmitted, { envelope: commit });
      if (step !== 'reveal') continue;
      const reveal = job.shown?.reveal ?? null;
      // With a link by another key than the result's the coordinator would take neither.
      const link = canSignFor(job.open, this.signer) ? resultLink(result, this.signer) : null;
      const shown = { ...(reveal !== null && { reveal }), ...(link !== null && { link }) };
      const body = { envelope: result, ...shown };
      await this.send(SUBJECTS.resultSubmitted, body);
    }
  }

  private async send(
    subject: string,
    body: CommitSubmitted | DeclineSubmitted | ResultSubmitted | VerdictAnswered,
  ): Promise<void> {
    const digest = envelopeDigest(body.envelope);
    if (this.receipted.has(digest)) return;
    const retry = this.retries.get(digest);
    const nowMs = performance.now();
    if (retry !== undefined && nowMs < retry.atMs) return;
    const pauseMs = Math.min((retry?.pauseMs ?? FIRST_RETRY_MS / 2) * 2, LAST_RETRY_MS);
    this.retries.set(digest, { atMs: nowMs + pauseMs, pauseMs });
    if (retry !== undefined && (await this.hasReceipt(digest))) return;
    const to = subjectFor(subject, this.signer.id);
    // Somebody may have used the digest as the id of a message of his own, if only to have this one dropped.
    const messageId = retry === undefined ? digest : randomUUID();
    await publishDurably(this.nats, to, JSON.stringify(body), messageId);
  }

  /** Asks over HTTP whether the log has it: the receipt may have been lost, not the envelope. */
  private async hasReceipt(envelopeSha256: string): Promise<boolean> {
    const base = this.config.COORDINATOR_URL;
    if (base === undefined) return false;
    try {
      const proof = await fetchReceipt(base, envelopeSha256);
      if (proof === null) return false;
      await this.takeReceipts([{ envelopeSha256, proof }]);
      return true;
    } catch (error) {
      this.logger.debug(`no receipt over HTTP: ${String(error)}`);
      return false;
    }
  }
}

/** Finds which of a job's own envelopes has this digest, and where its receipt belongs. */
function ownEnvelope(
  { sealed, answer, declined }: Job,
  digest: string,
): { part: Parameters<JobStoreService['addReceipt']>[1]; envelope: Envelope } | null {
  const all = [
    { part: 'declineReceipt', envelope: declined },
    { part: 'commitReceipt', envelope: sealed?.commit ?? null },
    { part: 'resultReceipt', envelope: sealed?.result ?? null },
    { part: 'answerReceipt', envelope: answer },
  ] as const;
  for (const { part, envelope } of all) {
    if (envelope !== null && envelopeDigest(envelope) === digest) return { part, envelope };
  }
  return null;
}
