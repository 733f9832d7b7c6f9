import { dirname } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Intermediate, Output, Published } from '#libs/attestation';
import { VERSION } from '#libs/contracts';
import { isCommitId, type CommitId } from '#libs/encoding';
import { readMachine, type BuildFacts, type MachineFacts } from '#libs/fingerprint';
import {
  ERAS,
  factsOfRebuild,
  inputsOfRebuild,
  loadEras,
  rebuildRelease,
  type BuildOutput,
  type CommitNeeds,
  type Era,
  type FailureClass,
  type RebuildEnd,
  type RebuildFailure,
  type RebuildProgress,
  type RebuildRequest,
} from '#libs/icos';
import type { Config } from '../config.js';
import { ManifestsService } from '../explain/manifests.service.js';
import { privateValuesOfBuild } from '../explain/private-values-of-build.js';
import type { Job } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { machineRequest } from '../preflight/machine.js';
import { preflightFor } from '../preflight/preflight.js';
import { Reading } from '../outputs/reading.js';
import { BASE_ENVIRONMENT, CONFIG } from '../tokens.js';
import { buildSettings } from './build-settings.js';
import { publicInputs } from './environment.js';
import { asStageFailure, failureAt } from './failure.js';
import { Isolation, type Lease } from './isolation.js';
import { Interrupted, StageFailure } from './stage-failure.js';
import { createWorkspace, hasLeftovers, removeLeftovers, type Workspace } from './workspace.js';

/** What a build that came to its outputs gives. */
export interface Rebuilt {
  readonly outputs: readonly Output[];
  readonly published: readonly Published[];
  readonly inputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly intermediates: readonly Intermediate[];
  readonly facts: Partial<BuildFacts>;
}

interface Step {
  readonly job: Job;
  readonly commit: CommitId;
  readonly workspace: Workspace;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** Rebuilds one release with the commit's own script. */
@Injectable()
export class RebuildService implements OnModuleInit {
  private readonly logger = new Logger(RebuildService.name);
  private eras: readonly Era[] | undefined;
  private readonly isolation: Isolation;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BASE_ENVIRONMENT) private readonly base: Readonly<NodeJS.ProcessEnv>,
    private readonly jobs: JobStoreService,
    private readonly progress: ProgressService,
    private readonly manifests: ManifestsService,
  ) {
    this.isolation = new Isolation(config);
  }

  /** A key that builds could read, or a table that cannot be read, is told at the start, and not by the failure of every build. */
  async onModuleInit(): Promise<void> {
    await this.isolation.prepare();
    const { ERAS_FILE } = this.config;
    if (ERAS_FILE !== undefined) this.eras = await loadEras(ERAS_FILE);
  }

  /**
   * Source, build, outputs, and what is published of them; downloads run beside the build.
   *
   * @throws StageFailure for anything that a signed failure tells; Interrupted when `signal` aborts
   */
  async rebuild(job: Job, machine: MachineFacts, signal: AbortSignal): Promise<Rebuilt> {
    const commit = commitOf(job);
    const lease = await this.isolation.take();
    try {
      return await this.rebuildAs(lease, job, commit, machine, signal);
    } finally {
      await lease.release();
    }
  }

  private async rebuildAs(
    lease: Lease,
    job: Job,
    commit: CommitId,
    measured: MachineFacts,
    signal: AbortSignal,
  ): Promise<Rebuilt> {
    const workspace = await this.makeWorkspace(job, lease, signal);
    const own = {
      ...factsOfUser(lease.user),
      ...(lease.user !== null && (await this.factsOfDisk(workspace))),
    };
    const machine = { ...measured, ...own };
    const reading = new Reading(this.config, job.open, signal);
    try {
      const end = await this.run({ job, commit, workspace, lease, signal }, async (era, needs) => {
        const refusal = await this.refusalOf(machine, era, needs);
        if (refusal === null) reading.begin(era);
        return refusal;
      });
      const { outputs, failure, home } = end;
      const told = { ...factsOfRebuild(end), ...own, 'agent.version': VERSION };
      const facts = told as Partial<BuildFacts>;
      if (home?.cacheReason != null) {
        this.logger.warn(`the build is ${home.cacheState}, not cold: ${home.cacheReason}`);
      }
      if (failure !== null) throw asStageFailure(failure, facts);
      // Before the seal, which names their roots, and as long as the build's files are there.
      const values = await privateValuesOfBuild(this.config, machine, workspace, home?.home);
      const built = outputs?.outputs ?? [];
      const manifests = await this.manifests.make(job.round, built, values, signal);
      this.progress.report(job.round, 'published');
      const published = await reading.end();
      // What was read until the stop is not all that is published: nobody may take it for that.
      if (signal.aborted) throw new Interrupted('the agent is stopping');
      return {
        outputs: outputsOf(built, manifests),
        published,
        inputs: publicInputs(inputsOfRebuild(commit, end), this.config.WITHHELD_FACTS),
        intermediates: intermediatesOf(end),
        facts,
      };
    } catch (error) {
      if (signal.aborted) throw new Interrupted('the agent is stopping', { cause: error });
      throw error;
    } finally {
      reading.abandon();
      // What cannot be removed now is removed before the next try or start; a result is not lost for it.
      await workspace.remove().catch((error: unknown) => {
        this.logger.warn(`the build's folders stay for now: ${String(error)}`);
      });
    }
  }

  /** Before the machine is measured: kept images never keep a build from its disk. */
  async makeRoom(): Promise<void> {
    const needs = (this.eras ?? ERAS).map(({ minimumDiskBytes }) => minimumDiskBytes);
    await this.manifests.makeRoom(this.config.BUILD_DIR, Math.max(0, ...needs));
  }

  /** Ends and removes what is left of a job's build: its agent was killed, or could not remove it. */
  async cleanUp(job: Job): Promise<void> {
    const folder = this.jobs.folder(job.round);
    if (!(await hasLeftovers(this.config, job.round, folder))) return;
    const wasRunning = await removeLeftovers(this.config, job.round, folder);
    if (wasRunning) this.logger.warn(`round ${job.round.slice(0, 12)}: ended an orphaned build`);
  }

  /** Where the build really is, which is another filesystem where it got a disk of its own. */
  private async factsOfDisk({ worktree, tempDir }: Workspace): Promise<Partial<MachineFacts>> {
    if (this.config.BUILD_DISK === 'watch') return {};
    const request = await machineRequest(this.config, this.base);
    const told = await readMachine({ ...request, buildDir: dirname(worktree), tempDir });
    const names = Object.keys(told).filter((name) => /^(?:disk\.build|temp)\./.test(name));
    return Object.fromEntries(names.map((name) => [name, told[name as keyof MachineFacts]]));
  }

  private async makeWorkspace(
    { round }: Job,
    { user }: Lease,
    signal: AbortSignal,
  ): Promise<Workspace> {
    try {
      return await createWorkspace(this.config, round, this.jobs.folder(round), user);
    } catch (error) {
      throw failureAt('preflight', error, signal);
    }
  }

  private run(
    { job, commit, workspace, lease, signal }: Step,
    onEra: NonNullable<RebuildRequest['onEra']>,
  ): Promise<RebuildEnd> {
    const { worktree, homeDir, tempDir, logPath, groupName } = workspace;
    const { user, rootWay, limits } = lease;
    const { GIT_URL, CACHE_DIR, BUILD_HOME, BUILD_CACHE, BUILD_JOBS } = this.config;
    this.progress.report(job.round, 'source', 0);
    return rebuildRelease({
      round: job.round,
      ...{ commit, gitUrl: GIT_URL, sourceCacheDir: CACHE_DIR, worktreeDir: worktree },
      ...{ tempDir, logPath, signal, idleTimeoutMs: this.config.IDLE_TIMEOUT_SECONDS * 1000 },
      home: { home: BUILD_HOME, dir: homeDir, cache: BUILD_CACHE },
      environment: (home) => buildSettings(this.config, this.base, tempDir, home, user),
      confinement: { user, rootWay, limits, groupName },
      onEra,
      ...(this.eras !== undefined && { eras: this.eras }),
      ...(BUILD_JOBS !== undefined && { maxCpus: BUILD_JOBS }),
      onProgress: (progress) => {
        this.tell(job, progress);
      },
    });
  }

  /** What this commit needs and the machine has not, before hours are spent on it. */
  private async refusalOf(
    machine: MachineFacts,
    { engine, minimumDiskBytes }: Era,
    { tempBlockSizeBytes }: CommitNeeds,
  ): Promise<RebuildFailure | null> {
    const needs = { engine, minimumDiskBytes, tempBlockSizeBytes };
    try {
      await preflightFor(this.config, machine, needs);
      return null;
    } catch (error) {
      if (!(error instanceof StageFailure)) throw error;
      const { stage, failureClass, message } = error;
      return { stage, class: failureClass as FailureClass, message, cause: error };
    }
  }

  private tell({ round }: Job, progress: RebuildProgress): void {
    switch (progress.stage) {
      case 'source':
        this.progress.report(round, 'source', progress.percent);
        return;
      case 'build':
        this.progress.report(round, 'build', null, progress.outputBytes);
        return;
      case 'outputs':
        this.progress.report(round, 'outputs');
    }
  }
}

function outputsOf(
  outputs: readonly BuildOutput[],
  manifests: ReadonlyMap<string, string>,
): readonly Output[] {
  return outputs.map(({ artifact, releasePath, sha256, sizeBytes }) => {
    const manifest = manifests.get(artifact);
    const output = { name: artifact, path: releasePath, sha256, sizeBytes };
    return manifest === undefined ? output : { ...output, manifest };
  });
}

function intermediatesOf({ intermediates }: RebuildEnd): readonly Intermediate[] {
  return intermediates.map((one) => ({ ...one, artifacts: [...one.artifacts] }));
}

/** Who really builds, where it is not who measured. */
function factsOfUser(user: Lease['user']): Partial<Pick<MachineFacts, 'user.uid' | 'user.name'>> {
  return user === null ? {} : { 'user.uid': user.uid, 'user.name': user.name };
}

/** @throws StageFailure unsupported-commit for a release whose source is no git commit */
function commitOf({ open }: Job): CommitId {
  const { gitCommit } = open.release.source.digest;
  if (gitCommit !== undefined && isCommitId(gitCommit)) return gitCommit;
  throw new StageFailure('source', 'unsupported-commit', 'the release names no git commit');
}
