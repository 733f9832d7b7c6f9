import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Output, Published, Stage } from '#libs/attestation';
import { isCommitId, sha256, type CommitId } from '#libs/encoding';
import type { BuildFacts } from '#libs/fingerprint';
import {
  collectOutputs,
  detectEra,
  fetchSource,
  hashFile,
  prepareHome,
  runBuild,
  watchContainers,
  worktreeReader,
  type Era,
  type Source,
} from '#libs/icos';
import type { Config } from '../config.js';
import type { Job } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { observe } from '../outputs/observe.js';
import { BASE_ENVIRONMENT, CONFIG } from '../tokens.js';
import { VERSION } from '#libs/contracts';
import { buildSettings } from './build-settings.js';
import { buildFailure, failureAt } from './failure.js';
import { Interrupted, StageFailure } from './stage-failure.js';
import { createWorkspace, removeLeftovers, type Workspace } from './workspace.js';

/** What a build that came to its outputs gives. */
export interface Rebuilt {
  readonly outputs: readonly Output[];
  readonly published: readonly Published[];
  readonly inputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly facts: Partial<BuildFacts>;
  readonly logSha256: string;
}

/** Rebuilds one release with the commit's own script. */
@Injectable()
export class RebuildService {
  private readonly logger = new Logger(RebuildService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BASE_ENVIRONMENT) private readonly base: Readonly<NodeJS.ProcessEnv>,
    private readonly jobs: JobStoreService,
    private readonly progress: ProgressService,
  ) {}

  /**
   * Source, build, outputs, and what is published of them; downloads run beside the build.
   *
   * @throws StageFailure for anything that a signed failure tells; Interrupted when `signal` aborts
   */
  async rebuild(job: Job, signal: AbortSignal): Promise<Rebuilt> {
    const workspace = await this.at('preflight', signal, () =>
      createWorkspace(this.config, job.round, this.jobs.folder(job.round)),
    );
    try {
      const source = await this.fetch(job, workspace, signal);
      const era = await this.at('source', signal, () => detectEra(worktreeReader(source.worktree)));
      const script = await readFile(join(source.worktree, era.command[0]));
      const published = observe(this.config, job.open, era, signal);
      // It is awaited after the build; should it reject before, that is not yet unhandled.
      published.catch(() => undefined);
      const seen = await this.build(job, workspace, era, signal);
      const outputs = await this.collect(job, workspace, era, signal);
      this.progress.report(job.round, 'published');
      const readings = await published;
      // What was read until the stop is not all that is published: nobody may take it for that.
      if (signal.aborted) throw new Interrupted('the agent is stopping');
      return {
        outputs,
        published: readings,
        inputs: {
          source: { gitCommit: commitOf(job), gitTree: source.treeId },
          'build-script': { sha256: sha256(script) },
        },
        facts: { ...buildFacts(source, era, sha256(script)), ...seen },
        logSha256: (await hashFile(workspace.logPath)).sha256,
      };
    } finally {
      // What cannot be removed now is removed before the next try; a result is not lost for it.
      await workspace.remove().catch((error: unknown) => {
        this.logger.warn(`the build's folders stay for now: ${String(error)}`);
      });
    }
  }

  /** Ends and removes what a killed agent left of a job's build. */
  async cleanUp(job: Job): Promise<void> {
    const wasRunning = await removeLeftovers(this.config, job.round, this.jobs.folder(job.round));
    if (wasRunning) this.logger.warn(`round ${job.round.slice(0, 12)}: ended an orphaned build`);
  }

  private async fetch(job: Job, workspace: Workspace, signal: AbortSignal): Promise<Source> {
    this.progress.report(job.round, 'source', 0);
    return this.at('source', signal, () =>
      fetchSource({
        gitUrl: this.config.GIT_URL,
        commit: commitOf(job),
        cacheDir: this.config.CACHE_DIR,
        worktreeDir: workspace.worktree,
        signal,
        onProgress: ({ percent }) => {
          this.progress.report(job.round, 'source', percent);
        },
      }),
    );
  }

  private async build(
    job: Job,
    { worktree, homeDir, tempDir, logPath }: Workspace,
    era: Era,
    signal: AbortSignal,
  ): Promise<Partial<BuildFacts>> {
    this.progress.report(job.round, 'build', null, 0);
    const { BUILD_HOME, BUILD_CACHE } = this.config;
    const home = await this.at('preflight', signal, () =>
      prepareHome({ home: BUILD_HOME, dir: homeDir, cache: BUILD_CACHE, worktree }),
    );
    if (home.cacheReason !== null) {
      this.logger.warn(`the build is ${home.cacheState}, not cold: ${home.cacheReason}`);
    }
    const env = buildSettings(this.config, this.base, tempDir, home.home);
    const watch = watchContainers({ worktree, env });
    const end = await this.at('build', signal, () =>
      runBuild({
        worktree,
        command: era.command,
        env,
        logPath,
        progressFolders: [tempDir],
        idleTimeoutMs: this.config.IDLE_TIMEOUT_SECONDS * 1000,
        signal,
        onOutput: (outputBytes) => {
          this.progress.report(job.round, 'build', null, outputBytes);
        },
      }),
    ).finally(() => void watch.stop());
    const { ran, imageDigest, imageOrigin } = await watch.stop();
    const facts: Partial<BuildFacts> = {
      'build.cache': home.cacheState,
      'container.ran': ran,
      'container.image-digest': imageDigest,
      'container.image-origin': imageOrigin,
    };
    const failure = buildFailure(end);
    if (failure instanceof StageFailure) failure.facts = facts;
    if (failure !== null) throw failure;
    return facts;
  }

  private async collect(
    job: Job,
    { worktree }: Workspace,
    era: Era,
    signal: AbortSignal,
  ): Promise<readonly Output[]> {
    this.progress.report(job.round, 'outputs');
    const { outputs } = await this.at('outputs', signal, () =>
      collectOutputs({ worktree, era, signal }),
    );
    return outputs.map(({ artifact, releasePath, sha256: digest, sizeBytes }) => ({
      name: artifact,
      path: releasePath,
      sha256: digest,
      sizeBytes,
    }));
  }

  /** Runs one stage; what it throws becomes a failure of that stage. */
  private async at<T>(stage: Stage, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw failureAt(stage, error, signal);
    }
  }
}

/** @throws StageFailure unsupported-commit for a release whose source is no git commit */
function commitOf({ open }: Job): CommitId {
  const { gitCommit } = open.release.source.digest;
  if (gitCommit !== undefined && isCommitId(gitCommit)) return gitCommit;
  throw new StageFailure('source', 'unsupported-commit', 'the release names no git commit');
}

function buildFacts(source: Source, era: Era, scriptSha256: string): Partial<BuildFacts> {
  return {
    'source.clean': source.isClean,
    'source.shallow': source.isShallow,
    'build.script-digest': `sha256:${scriptSha256}`,
    'build.command': era.command.join(' '),
    'build.targets': 'production',
    'build.driver': 'container-script',
    'agent.version': VERSION,
  };
}
