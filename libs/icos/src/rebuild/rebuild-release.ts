import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type CommitId, type Sha256 } from '#libs/encoding';
import { runBuild } from '../build/build.js';
import { isolationKind, type Confinement, type IsolationKind } from '../isolation/confinement.js';
import { endUser, handOverBuild } from '../isolation/hand-over.js';
import { watchContainers, type ContainerTrace } from '../build/container-watch.js';
import type { FailureStage } from '../build/failure.js';
import { prepareHome, type BuildHome, type HomeRequest } from '../build/home.js';
import { collectIntermediates, type BuildIntermediate } from '../build/intermediates.js';
import { collectOutputs, type BuildOutputs } from '../build/outputs.js';
import { IcosError, interrupted } from '../error.js';
import { hashFile } from '../hash/hash.js';
import type { ArtifactName } from '../release/artifact.js';
import { detectEra, readNeeds, worktreeReader, type CommitNeeds } from '../release/detect-era.js';
import type { Era } from '../release/era.js';
import { fetchSource, type Source, type SourceProgress } from '../source/source.js';
import { limitCpus } from './cpu-limit.js';
import { buildFailure, stageFailure, type RebuildFailure } from './rebuild-failure.js';

/** What to rebuild, where, and who is told. */
export interface RebuildRequest {
  readonly commit: CommitId;
  readonly gitUrl: string;
  /** Bare repository shared by all builds of this machine. */
  readonly sourceCacheDir: string;
  /** Absent or empty. */
  readonly worktreeDir: string;
  /** The build's own temp folder, which is there. */
  readonly tempDir: string;
  /** The operator's persistent home for builds, and a folder for a fresh one. */
  readonly home: Pick<HomeRequest, 'home' | 'dir' | 'cache'>;
  /** Gives the build's whole environment, once it is known which home it has. */
  readonly environment: (home: string) => Readonly<Record<string, string>>;
  readonly logPath: string;
  /** Id of the round that is built for; none outside of any. */
  readonly round?: string;
  /** Table of eras; default the one of this version. */
  readonly eras?: readonly Era[];
  /** Collects these of what the era makes; default all. Throws for what it does not make. */
  readonly select?: (era: Era) => readonly ArtifactName[];
  /**
   * Told the commit's era, and what it needs, before anything is built: here a machine that cannot
   * build it says so, and downloads that run beside the build begin.
   */
  readonly onEra?: (era: Era, needs: CommitNeeds) => Promise<RebuildFailure | null>;
  /** Most processors that the build may use; default all. */
  readonly maxCpus?: number;
  readonly idleTimeoutMs?: number;
  /** Who runs the build, and what it may use; default whoever runs this, and everything. */
  readonly confinement?: Confinement;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** How far a rebuild is. */
export type RebuildProgress =
  | { readonly stage: 'source'; readonly step: SourceProgress['step']; readonly percent: number }
  | { readonly stage: 'build'; readonly outputBytes: number }
  | { readonly stage: 'outputs' };

/** What a rebuild came to, and what is known of the way to it. */
export interface RebuildEnd {
  readonly source: Source | null;
  readonly era: Era | null;
  /** The home that the build had; null where none was begun. */
  readonly home: BuildHome | null;
  /** Whether it was seen to run in a container; null where none was begun. */
  readonly container: ContainerTrace | null;
  /** How the build was kept apart; null where none was begun. */
  readonly isolation: IsolationKind | null;
  /** Digest of the commit's own build script. */
  readonly scriptSha256: Sha256 | null;
  /** Null when it failed. */
  readonly outputs: BuildOutputs | null;
  /** What the build left on its way, as far as the era names it; none when it failed. */
  readonly intermediates: readonly BuildIntermediate[];
  readonly failure: RebuildFailure | null;
  /** Digest of the build's log; null where no build was begun. */
  readonly logSha256: Sha256 | null;
}

/**
 * Rebuilds one release with the commit's own script: source, era, build, outputs. The one way for
 * a lone check and for every builder.
 *
 * @throws IcosError INTERRUPTED; anything that is no known failure of a stage, as a defect of ours
 */
export async function rebuildRelease(request: RebuildRequest): Promise<RebuildEnd> {
  const end: { -readonly [Key in keyof RebuildEnd]: RebuildEnd[Key] } = {
    ...{ source: null, era: null, scriptSha256: null, home: null, container: null },
    isolation: null,
    ...{ outputs: null, intermediates: [], failure: null, logSha256: null },
  };
  let stage: FailureStage = 'source';
  try {
    end.source = await fetch(request);
    const read = worktreeReader(end.source.worktree);
    const era = (end.era = await detectEra(read, request.eras));
    end.scriptSha256 = sha256(await readFile(join(end.source.worktree, era.command[0])));
    const artifacts = request.select?.(era);
    stage = 'preflight';
    end.failure = (await request.onEra?.(era, await readNeeds(read, era))) ?? null;
    if (end.failure !== null) return end;
    const home = (end.home = await prepareHome({
      ...request.home,
      worktree: end.source.worktree,
    }));
    stage = 'build';
    const env = request.environment(home.home);
    const user = request.confinement?.user ?? null;
    const { worktree } = end.source;
    // An engine of containers is called through programs with a set-uid bit: sudo, newuidmap.
    const noNewPrivileges = user !== null && era.engine === null;
    end.isolation = isolationKind(request.confinement, noNewPrivileges);
    if (user !== null) await handOverBuild(user, worktree, request.tempDir, home.home);
    const watch = watchContainers({ worktree, env, user });
    try {
      end.failure = await build({ request, era, worktree, home: home.home, env, noNewPrivileges });
    } finally {
      end.container = await watch.stop();
      // Engines that were asked as the build's user read what the build had put into its home.
      if (user !== null) await endUser(user);
    }
    end.logSha256 = (await hashFile(request.logPath)).sha256;
    if (end.failure !== null) return end;
    stage = 'outputs';
    request.onProgress?.({ stage });
    const { signal } = request;
    const wanted = {
      ...(artifacts !== undefined && { artifacts }),
      ...(signal !== undefined && { signal }),
    };
    end.outputs = await collectOutputs({ worktree: end.source.worktree, era, ...wanted });
    end.intermediates = await collectIntermediates({
      ...{ home: home.home, era, round: request.round ?? null },
      ...wanted,
    });
    return end;
  } catch (error) {
    // Whatever broke while everything was being stopped says nothing about the release.
    if (request.signal?.aborted === true) throw interrupted(request.signal);
    const failure = stageFailure(stage, error);
    if (failure === null) throw error;
    return { ...end, failure };
  }
}

async function fetch(request: RebuildRequest): Promise<Source> {
  const { commit, gitUrl, sourceCacheDir, worktreeDir, eras, signal, onProgress } = request;
  return fetchSource({
    ...{ commit, gitUrl, cacheDir: sourceCacheDir, worktreeDir },
    needsBranches: async (read) => (await readNeeds(read, await detectEra(read, eras))).branches,
    ...(signal !== undefined && { signal }),
    onProgress: (progress) => onProgress?.({ stage: 'source', ...progress }),
  });
}

interface BuildStep {
  readonly request: RebuildRequest;
  readonly era: Era;
  readonly worktree: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly noNewPrivileges: boolean;
}

async function build(step: BuildStep): Promise<RebuildFailure | null> {
  const { request, era, worktree, home, env, noNewPrivileges } = step;
  const { logPath, tempDir, idleTimeoutMs, confinement, signal, onProgress, maxCpus } = request;
  onProgress?.({ stage: 'build', outputBytes: 0 });
  const end = await runBuild({
    ...{ worktree, env, logPath, progressFolders: [tempDir], otherFolders: [home] },
    command: await limitCpus(era.command, maxCpus),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
    ...(confinement !== undefined && { confinement, noNewPrivileges }),
    ...(signal !== undefined && { signal }),
    onOutput: (outputBytes) => onProgress?.({ stage: 'build', outputBytes }),
  });
  if (end.interrupted) throw new IcosError('INTERRUPTED', 'the build was interrupted');
  return buildFailure(end);
}
