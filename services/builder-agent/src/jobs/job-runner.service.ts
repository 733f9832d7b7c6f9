import { randomBytes } from 'node:crypto';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Published, Result, Signer, Stage } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { withBuildFacts, type BuildFacts, type MachineFacts } from '#libs/fingerprint';
import { hashFile } from '#libs/icos';
import { Ticker } from '#libs/platform';
import { cut } from '../build/cut.js';
import { publicEnvironment } from '../build/environment.js';
import { maskText } from '../build/mask.js';
import { privateWords } from '../build/private-words.js';
import { RebuildService } from '../build/rebuild.service.js';
import { resultHead, seal } from '../build/seal.js';
import { Interrupted, StageFailure } from '../build/stage-failure.js';
import type { Config } from '../config.js';
import { measure } from '../preflight/machine.js';
import { preflight } from '../preflight/preflight.js';
import { buildLogPath } from '../build/workspace.js';
import { SubmitService } from '../submit/submit.service.js';
import { AGENT_DIGEST, BASE_ENVIRONMENT, CONFIG, SIGNER } from '../tokens.js';
import { canSignFor } from './invited-key.js';
import { nextStep, type Job } from './job.js';
import { JobStoreService } from './job-store.service.js';
import { ProgressService } from './progress.service.js';

/** Most characters of a message in a result. */
const MESSAGE_LIMIT = 500;

/** Builds what is dispatched, one job after the other, and seals each result. */
@Injectable()
export class JobRunnerService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(JobRunnerService.name);
  private readonly stopping = new AbortController();
  private isTidy = false;
  private readonly ticker = new Ticker(() => this.buildAll(), {
    everyMs: null,
    onError: (error) => {
      this.logger.error(error);
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(BASE_ENVIRONMENT) private readonly base: Readonly<NodeJS.ProcessEnv>,
    private readonly jobs: JobStoreService,
    private readonly rebuilds: RebuildService,
    private readonly submit: SubmitService,
    private readonly progress: ProgressService,
    @Inject(AGENT_DIGEST) private readonly agentDigest: string | null,
  ) {}

  onModuleInit(): void {
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ticker.stop();
  }

  /** Looks for something to build, now or right after the build that runs. */
  wake(): void {
    void this.ticker.wake();
  }

  private async buildAll(): Promise<void> {
    if (!this.isTidy) await this.tidyUp();
    for (const job of await this.jobs.all()) {
      if (nextStep(job) !== 'build' || this.isStopping()) continue;
      // Its key was rotated since: hours of work would go into a commit that nobody takes.
      if (!canSignFor(job.open, this.signer)) continue;
      try {
        await this.run(job);
      } catch (error) {
        // A defect of ours in one job; the others can be built all the same.
        this.logger.error(error);
      }
      this.submit.wake();
    }
  }

  /** Before anything is measured: what an earlier agent left takes up processors, memory and disk. */
  private async tidyUp(): Promise<void> {
    for (const job of await this.jobs.all()) {
      if (nextStep(job) !== 'build') continue;
      await this.rebuilds.cleanUp(job).catch((error: unknown) => {
        this.logger.warn(error);
      });
    }
    this.isTidy = true;
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(job: Job): Promise<void> {
    this.logger.log(`round ${job.round.slice(0, 12)}: building ${job.open.release.name}`);
    const startedAt = new Date();
    this.progress.report(job.round, 'preflight');
    await this.rebuilds.makeRoom();
    const machine = await measure(this.config, this.base);
    try {
      await preflight(this.config, machine);
      const rebuilt = await this.rebuilds.rebuild(job, machine, this.stopping.signal);
      const { outputs, inputs, intermediates, logSha256 } = rebuilt;
      const published = await this.maskAll(rebuilt.published);
      const head = this.head(job, machine, rebuilt.facts, startedAt);
      const built = { ...{ outputs, published, inputs, intermediates }, logSha256 };
      await this.finish(job, { ...head, kind: 'built', ...built });
    } catch (error) {
      if (error instanceof Interrupted) return;
      if (!(error instanceof StageFailure)) throw error;
      this.logger.warn(`${error.stage} failed: ${error.failureClass}: ${error.message}`);
      await this.finish(job, {
        ...this.head(job, machine, error.facts, startedAt),
        kind: 'failed',
        stage: error.stage,
        class: error.failureClass,
        message: cut(maskText(error.message, await privateWords(this.config)), MESSAGE_LIMIT),
        logSha256: await this.logOf(job, error.stage),
      });
    }
  }

  /** The digest of the build's log, once there can be one of this very try. */
  private async logOf(job: Job, stage: Stage): Promise<string | null> {
    if (stage !== 'build' && stage !== 'outputs') return null;
    const log = await hashFile(buildLogPath(this.jobs.folder(job.round))).catch(() => null);
    return log?.sha256 ?? null;
  }

  private async finish(job: Job, result: Result): Promise<void> {
    await this.jobs.seal(job.round, seal(job, result, this.signer));
    this.logger.log(`round ${job.round.slice(0, 12)}: sealed, ${result.kind}`);
  }

  private head(
    job: Job,
    machine: MachineFacts,
    build: Partial<BuildFacts>,
    startedAt: Date,
  ): ReturnType<typeof resultHead> {
    const facts = withBuildFacts(machine, build);
    const environment = publicEnvironment(facts, job.round, this.config.WITHHELD_FACTS);
    const salt = toBase64(randomBytes(32));
    const times = { startedAt, finishedAt: new Date() };
    return resultHead(job, this.signer, environment, times, salt, this.agentDigest);
  }

  /** Errors of downloads tell addresses: of a proxy, or of what a name stands for at home. */
  private async maskAll(published: readonly Published[]): Promise<readonly Published[]> {
    const words = await privateWords(this.config);
    return published.map(({ error, ...reading }) => {
      if (error === null) return { ...reading, error };
      const message = cut(maskText(error.message, words), MESSAGE_LIMIT);
      return { ...reading, error: { ...error, message } };
    });
  }
}
