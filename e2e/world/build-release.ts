import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { asSha256 } from '#libs/encoding';
import type { CommitId, Sha256 } from '#libs/encoding';
import { artifactsOf, builtPath } from './artifact.js';
import type { ArtifactOf } from './artifact.js';
import type { BuilderEnvironment } from './builder-environment/builder-environment.js';
import { enter } from './builder-environment/enter.js';
import { handOver, prepare } from './builder-environment/prepare.js';
import { DEFAULT_ERA, LAYOUTS } from './era.js';
import type { DefaultEra, EraId } from './era.js';
import { WorldError } from './error.js';
import { git } from './git.js';

/** One artifact file: SHA-256 and size. */
export interface FileFacts {
  readonly digest: Sha256;
  readonly sizeBytes: number;
}

/** What one build gave. */
export interface Built<E extends EraId = DefaultEra> {
  readonly worktree: string;
  readonly artifacts: Readonly<Record<ArtifactOf<E>, FileFacts>>;
  /** Standard output and error of the build, in one. */
  readonly log: string;
}

/** A build to be done as a person would do it: clone, check out, run the commit's own script. */
export interface ReleaseBuild<E extends EraId = DefaultEra> {
  /** Repository to clone: a path or a URL. */
  readonly repository: string;
  readonly commit: CommitId;
  /** The commit's era, which says what to type; today's unless told otherwise. */
  readonly era?: E;
  /** Made by the clone; must be missing or empty. */
  readonly worktree: string;
  readonly environment: BuilderEnvironment;
  /** Fetches the commit alone, as one does who wants to be quick, and no branch with it. */
  readonly withoutBranches?: boolean | undefined;
}

/**
 * Builds a release in an environment, and hashes what came out.
 *
 * @throws WorldError BUILD_FAILED with the end of the log in the message, the process result as
 *   cause; COMMAND_FAILED when it cannot be checked out
 */
export async function buildRelease<E extends EraId = DefaultEra>(
  build: ReleaseBuild<E>,
): Promise<Built<E>> {
  const { repository, commit, worktree, environment } = build;
  const era: EraId = build.era ?? DEFAULT_ERA;
  await prepare(environment);
  if (build.withoutBranches === true) await fetchAlone(repository, commit, worktree);
  else await git(['clone', '--quiet', '--no-checkout', '--no-hardlinks', repository, worktree]);
  if (environment.user !== undefined) await handOver(environment.user, worktree);
  // In the environment already: its umask decides about the modes of the files checked out.
  await run(environment, worktree, ['git', 'checkout', '--quiet', '--detach', commit]);
  const log = await run(environment, worktree, LAYOUTS[era].command);

  const facts = await Promise.all(
    artifactsOf(era).map(async (name) => [
      name,
      await factsOf(join(worktree, builtPath(name, era))),
    ]),
  );
  const artifacts = Object.fromEntries(facts) as Built<E>['artifacts'];
  return { worktree, artifacts, log };
}

/** Hashes one file. */
export async function factsOf(file: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const { size } = await stat(file);
  return { digest: asSha256(hash.digest('hex')), sizeBytes: size };
}

async function fetchAlone(repository: string, commit: CommitId, worktree: string): Promise<void> {
  await git(['init', '--quiet', worktree]);
  const fetch = ['fetch', '--quiet', '--depth=1', '--no-tags', `file://${repository}`, commit];
  await git(['-C', worktree, '-c', 'protocol.file.allow=always', ...fetch]);
}

async function run(
  environment: BuilderEnvironment,
  cwd: string,
  command: readonly string[],
): Promise<string> {
  await mkdir(cwd, { recursive: true });
  const { file, args, env } = enter(environment, command);
  const result = await execa(file, args, { cwd, env, all: true, reject: false });
  if (result.failed) {
    throw new WorldError(
      'BUILD_FAILED',
      `${command.join(' ')} ended with ${result.exitCode ?? result.signal ?? 'no status'}: ${result.all.slice(-500)}`,
      { cause: result },
    );
  }
  return result.all;
}
