import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Signer } from '#libs/attestation';
import { Ticker, withLogFields } from '#libs/platform';
import { RebuildService } from '../build/rebuild.service.js';
import { shareFolder } from '../build/workspace.js';
import type { Config } from '../config.js';
import { MoodService } from '../presence/mood.service.js';
import { SubmitService } from '../submit/submit.service.js';
import { CONFIG, COORDINATOR, SIGNER } from '../tokens.js';
import { BuildJobService } from './build-job.service.js';
import { isOpenedBy, type Coordinator } from './coordinator-identity.js';
import { isWithin } from './exclusive-hours.js';
import { canSignFor } from './invited-key.js';
import { nextStep, type Job, type Stopped } from './job.js';
import { JobStoreService } from './job-store.service.js';
import { ProgressService } from './progress.service.js';
import { isDue, queueOf } from './queue.js';

const TICK_MS = 1_000;
/** A builder that was away hears first of all that is over: nothing begins before. */
const SETTLE_MS = 500;
/** A job that a defect of ours broke off is left alone for so long. */
const DEFECT_PAUSE_MS = 300_000;

/** A build that runs. */
interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Where an agent's work stands. */
export interface Workload {
  readonly running: readonly string[];
  /** Rounds that wait for a slot, or for their next try. */
  readonly queued: number;
  /** Passing failures since the agent began, after which a build was put back. */
  readonly requeued: number;
  /** Whether nothing is left that this builder could still do in any round. */
  readonly isDone: boolean;
}

/** Gives slots to what is dispatched, the most urgent first, one build in each. */
@Injectable()
export class JobRunnerService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(JobRunnerService.name);
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, Running>();
  private readonly stopped = new Set<string>();
  private readonly defects = new Map<string, number>();
  private requeued = 0;
  private isTidy = false;
  private settlesAtMs = 0;
  private readonly ticker = new Ticker(() => this.schedule(), {
    everyMs: TICK_MS,
    onError: (error) => {
      this.logger.error(error);
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    private readonly jobs: JobStoreService,
    private readonly rebuilds: RebuildService,
    private readonly builds: BuildJobService,
    private readonly submit: SubmitService,
    private readonly progress: ProgressService,
    private readonly mood: MoodService,
  ) {}

  onModuleInit(): void {
    this.settle();
    this.ticker.start();
    this.mood.onChange(() => {
      if (this.mood.isUnwanted) for (const { stop } of this.running.values()) stop.abort();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ticker.stop();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  /** Looks for something to build, now. */
  wake(): void {
    void this.ticker.wake();
  }

  /** More is about to be heard of: what is dispatched may be over by then. */
  settle(): void {
    this.settlesAtMs = performance.now() + SETTLE_MS;
  }

  /**
   * Sees to it that a round is not built: for good first, so that no crash makes it begin again, and
   * then with all its processes.
   *
   * @returns whether a build had to be ended
   */
  async stop(round: string, reason: Stopped['reason']): Promise<boolean> {
    this.stopped.add(round);
    await this.jobs.stop(round, { reason, at: new Date().toISOString() });
    const build = this.running.get(round);
    if (build === undefined) return false;
    this.logger.warn(`round ${round.slice(0, 12)}: the build is stopped: ${reason}`);
    build.stop.abort();
    await build.ended;
    this.progress.report(round, 'waiting');
    return true;
  }

  /** A round is over: what would come of its build would come too late. */
  async roundClosed(round: string): Promise<void> {
    const job = await this.jobs.find(round);
    if (job === null || nextStep(job) !== 'build' || this.config.AFTER_CLOSE === 'build') return;
    this.logger.log(`round ${round.slice(0, 12)}: dropped: it was closed before it was built`);
    await this.stop(round, 'round-closed');
  }

  async workload(): Promise<Workload> {
    const pending = await this.jobs.pending();
    const running = [...this.running.keys()];
    const queue = queueOf(pending).filter((job) => this.isOurs(job));
    return {
      running,
      queued: queue.filter(({ round }) => !this.running.has(round)).length,
      requeued: this.requeued,
      isDone: running.length === 0 && !pending.some((job) => this.isOwed(job)),
    };
  }

  /**
   * Whether a round is still owed something that its coordinator takes: nobody who leaves is to leave it
   * in the lurch.
   */
  isOwed(job: Job): boolean {
    if (nextStep(job) === 'done' || (job.isContradicted && job.shown === null)) return false;
    // What the key before a rotation had committed to is shown all the same.
    const isCommitted = job.sealed !== null && job.commitReceipt !== null;
    return this.isOurs(job) || (isCommitted && isOpenedBy(job.dispatch, this.coordinator));
  }

  private async schedule(): Promise<void> {
    if (!this.isTidy) await this.tidyUp();
    if (performance.now() < this.settlesAtMs || this.mood.isUnwanted) return;
    const before = new Set(this.running.keys());
    const pending = await this.jobs.pending();
    for (const job of queueOf(pending)) {
      // A build may have ended, or a round been stopped, while its files were read: what was read
      // is stale, and begins nothing. A build that ended wakes us again.
      if (before.has(job.round) || this.stopped.has(job.round) || !this.mayBegin(job)) continue;
      // A crash came between the close and the stop.
      if (job.roundClose !== null) await this.roundClosed(job.round);
      if (job.roundClose !== null && this.config.AFTER_CLOSE === 'stop') continue;
      if (this.running.size >= this.config.BUILD_SLOTS) return;
      this.begin(job);
    }
  }

  private mayBegin(job: Job): boolean {
    if (this.stopping.signal.aborted || !this.isOurs(job)) return false;
    const { EXCLUSIVE_HOURS: hours } = this.config;
    // What the other builds would be taken for what came of this one; it waits for its end.
    if ([...this.running.keys()].some((other) => shareFolder(other, job.round))) return false;
    const now = new Date();
    if (hours !== undefined && !isWithin(hours, now)) return false;
    return isDue(job, now) && (this.defects.get(job.round) ?? 0) <= performance.now();
  }

  /** Whether its key is the one that was invited, and by whom: else hours would go into what nobody takes. */
  private isOurs({ open, dispatch }: Job): boolean {
    return canSignFor(open, this.signer) && isOpenedBy(dispatch, this.coordinator);
  }

  private begin(job: Job): void {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.stopping.signal]);
    const ended = withLogFields({ round: job.round }, () => this.build(job, signal)).finally(() => {
      this.running.delete(job.round);
      this.submit.wake();
      if (!this.stopping.signal.aborted) this.wake();
    });
    this.running.set(job.round, { stop, ended });
  }

  private async build(job: Job, signal: AbortSignal): Promise<void> {
    try {
      if ((await this.builds.run(job, signal)) === 'waiting') this.requeued += 1;
    } catch (error) {
      // A defect of ours in one job; the others can be built all the same.
      this.logger.error(error);
      this.defects.set(job.round, performance.now() + DEFECT_PAUSE_MS);
    }
  }

  /** Before anything is measured: what an earlier agent left takes up processors, memory and disk. */
  private async tidyUp(): Promise<void> {
    for (const job of await this.jobs.all()) {
      await this.rebuilds.cleanUp(job).catch((error: unknown) => {
        this.logger.warn(error);
      });
    }
    this.isTidy = true;
  }
}
