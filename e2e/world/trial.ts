import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { ARTIFACT_NAMES } from './artifact.js';
import type { ArtifactName } from './artifact.js';
import { buildRelease } from './build-release.js';
import type { Built } from './build-release.js';
import type { BuilderEnvironment } from './builder-environment/builder-environment.js';
import { createIcMini } from './ic-mini/ic-mini.js';
import type { IcMini } from './ic-mini/ic-mini.js';

/** ic-mini and a folder in which to build it again and again, each time from a fresh clone. */
export interface Trial {
  readonly dir: string;
  readonly icMini: IcMini;
  /** Builds a commit in a home, temp folder and worktree of its own, or in those given. */
  build(
    commit: CommitId,
    environment?: Partial<BuilderEnvironment> & { readonly worktree?: string },
  ): Promise<Built & { readonly environment: BuilderEnvironment }>;
  close(): Promise<void>;
}

/** Opens a trial in a temporary folder. */
export async function openTrial(): Promise<Trial> {
  const dir = await mkdtemp(join(tmpdir(), 'ic-mini-'));
  const icMini = await createIcMini(join(dir, 'ic.git'));
  let builds = 0;
  return {
    dir,
    icMini,
    async build(commit, { worktree, ...wishes } = {}) {
      const room = join(dir, `build-${++builds}`);
      const environment = { home: join(room, 'home'), tempDir: join(room, 'tmp'), ...wishes };
      const built = await buildRelease({
        repository: icMini.gitDir,
        commit,
        worktree: worktree ?? join(room, 'ic'),
        environment,
      });
      return { ...built, environment };
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Names the artifacts of which two builds have different bytes. */
export function differing(one: Built, other: Built): ArtifactName[] {
  return ARTIFACT_NAMES.filter(
    (name) => one.artifacts[name].digest !== other.artifacts[name].digest,
  );
}
