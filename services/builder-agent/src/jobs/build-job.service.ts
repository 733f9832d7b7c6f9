import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { Published, Result, Signer, Stage } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { withBuildFacts, type BuildFacts, type MachineFacts } from '#libs/fingerprint';
import { writePublicLog } from '../build-log/public-log.js';
import { shownText } from '../build-log/shown-text.js';
import { cut } from '../build/cut.js';
import { publicEnvironment } from '../build/environment.js';
import { privateWords } from '../build/private-words.js';
import { RebuildService } from '../build/rebuild.service.js';
import { resultHead, seal } from '../build/seal.js';
import { Interrupted, StageFailure } from '../build/stage-failure.js';
import { buildLogPath } from '../build/workspace.js';
import type { Config } from '../config.js';
import { measure } from '../preflight/machine.js';
import { preflight } from '../preflight/preflight.js';
import { BuildMeter } from '../metrics/build-meter.js';
import { AGENT_DIGEST, BASE_ENVIRONMENT, CONFIG, SIGNER } from '../tokens.js';
import { declineReasonOf } from './acceptance.js';
import { DeclineService } from './decline.service.js';
import type { Job } from './job.js';
import { JobStoreService } from './job-store.service.js';
import { ProgressService } from './progress.service.js';
import { triesAfter } from './tries.js';

/** Most characters of a message in a result. */
const MESSAGE_LIMIT = 500;

/** What came of one try. `waiting`: its failure passes, and it is tried again. */
export type TryEnd = 'sealed' | 'declined' | 'waiting' | 'interrupted';

/** Builds one job once, and seals what came out, be it a failure. */
@Injectable()
export class BuildJobService {
  private readonly logger = new Logger(BuildJobService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(BASE_ENVIRONMENT) private readonly base: Readonly<NodeJS.ProcessEnv>,
    private readonly jobs: JobStoreService,
    private readonly rebuilds: RebuildService,
    private readonly progress: ProgressService,
    private readonly declines: DeclineService,
    @Inject(AGENT_DIGEST) private readonly agentDigest: string | null,
    @Optional() private readonly meter?: BuildMeter,
  ) {}

  /** Tries a job once. What it throws is a defect of ours: nobody may sign it as the release's. */
  async run(job: Job, signal: AbortSignal): Promise<TryEnd> {
    this.logger.log(`round ${job.round.slice(0, 12)}: building ${job.open.release.name}`);
    const startedAt = new Date();
    this.progress.report(job.round, 'preflight');
    await this.rebuilds.makeRoom();
    const machine = await measure(this.config, this.base);
    try {
      await preflight(this.config, machine);
      const rebuilt = await this.rebuilds.rebuild(job, machine, signal);
      const { outputs, inputs, intermediates } = rebuilt;
      const logSha256 = await this.logOf(job, 'outputs');
      const published = await this.maskAll(rebuilt.published);
      const head = this.head(job, machine, rebuilt.facts, startedAt);
      const built = { ...{ outputs, published, inputs, intermediates }, logSha256 };
      return await this.finish(job, { ...head, kind: 'built', ...built });
    } catch (error) {
      if (error instanceof Interrupted) {
        this.meter?.unsealed(job.round, 'interrupted');
        return 'interrupted';
      }
      if (!(error instanceof StageFailure)) throw error;
      this.logger.warn(`${error.stage} failed: ${error.failureClass}: ${error.message}`);
      return (await this.putOff(job, error)) ?? this.fail(job, error, machine, startedAt);
    }
  }

  /** What passes is tried again, and what this machine cannot do is left to others; else null. */
  private async putOff(job: Job, error: StageFailure): Promise<TryEnd | null> {
    const { stage, failureClass, message } = error;
    const reason = declineReasonOf(stage, failureClass);
    if (reason !== null && job.open.experiment === undefined) {
      await this.declines.decline(job.round, reason, message);
      this.meter?.unsealed(job.round, 'declined', stage, failureClass);
      return 'declined';
    }
    const { BUILD_TRIES, RETRY_SECONDS } = this.config;
    const limits = { mostTries: BUILD_TRIES, firstPauseMs: RETRY_SECONDS * 1000 };
    const failed = { stage, failureClass, at: new Date() };
    const tries = triesAfter(job.tries, failed, new Date(job.open.closesAt), limits);
    if (tries === null) return null;
    await this.jobs.keepTries(job.round, tries);
    this.logger.warn(`round ${job.round.slice(0, 12)}: tried again at ${tries.nextAt}`);
    this.progress.report(job.round, 'waiting');
    this.meter?.unsealed(job.round, 'waiting', stage, failureClass);
    return 'waiting';
  }

  private async fail(
    job: Job,
    error: StageFailure,
    machine: MachineFacts,
    startedAt: Date,
  ): Promise<TryEnd> {
    return this.finish(job, {
      ...this.head(job, machine, error.facts, startedAt),
      kind: 'failed',
      stage: error.stage,
      class: error.failureClass,
      message: cut(shownText(error.message, await privateWords(this.config)), MESSAGE_LIMIT),
      logSha256: await this.logOf(job, error.stage),
    });
  }

  /** The digest of the build's log as it may be shown, once there can be one of this very try. */
  private async logOf(job: Job, stage: Stage): Promise<string | null> {
    if (stage !== 'build' && stage !== 'outputs') return null;
    const jobFolder = this.jobs.folder(job.round);
    const paths = { jobFolder, logPath: buildLogPath(jobFolder) };
    return writePublicLog(paths, await privateWords(this.config)).catch(() => null);
  }

  private async finish(job: Job, result: Result): Promise<TryEnd> {
    await this.jobs.seal(job.round, seal(job, result, this.signer));
    this.meter?.sealed(job.round, result);
    this.logger.log(`round ${job.round.slice(0, 12)}: sealed, ${result.kind}`);
    return 'sealed';
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
      const message = cut(shownText(error.message, words), MESSAGE_LIMIT);
      return { ...reading, error: { ...error, message } };
    });
  }
}
