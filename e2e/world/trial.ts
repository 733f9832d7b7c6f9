import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { ARTIFACT_NAMES } from './artifact.js';
import type { ArtifactName } from './artifact.js';
import { buildRelease } from './build-release.js';
import type { Built, FileFacts } from './build-release.js';
import type { BuilderEnvironment } from './builder-environment/builder-environment.js';
import type { DefaultEra, EraId } from './era.js';
import { createIcMini } from './ic-mini/ic-mini.js';
import type { IcMini } from './ic-mini/ic-mini.js';

/** What a build of a trial may be told; its era is today's unless told otherwise. */
export type TrialBuild<E extends EraId> = Partial<BuilderEnvironment> & {
  readonly worktree?: string;
  readonly era?: E;
  readonly withoutBranches?: boolean;
};

/** ic-mini and a folder in which to build it again and again, each time from a fresh clone. */
export interface Trial {
  readonly dir: string;
  readonly icMini: IcMini;
  /** Builds a commit in a home, temp folder and worktree of its own, or in those given. */
  build<E extends EraId = DefaultEra>(
    commit: CommitId,
    wishes?: TrialBuild<E>,
  ): Promise<Built<E> & { readonly environment: BuilderEnvironment }>;
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
    async build<E extends EraId>(
      commit: CommitId,
      { worktree, era, withoutBranches, ...wishes }: TrialBuild<E> = {},
    ) {
      const room = join(dir, `build-${++builds}`);
      const environment = { home: join(room, 'home'), tempDir: join(room, 'tmp'), ...wishes };
      const built = await buildRelease({
        repository: icMini.gitDir,
        commit,
        worktree: worktree ?? join(room, 'ic'),
        environment,
        ...(era && { era }),
        withoutBranches,
      });
      return { ...built, environment };
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What a build or a publication has, of whatever era. */
type Artifacts = Pick<Built<EraId>, 'artifacts'>;

/** Names the artifacts of which two builds have different bytes. */
export function differing(one: Artifacts, other: Artifacts): ArtifactName[] {
  const digests = ({ artifacts }: Artifacts): Readonly<Record<string, FileFacts>> => artifacts;
  return ARTIFACT_NAMES.filter(
    (name) => digests(one)[name]?.digest !== digests(other)[name]?.digest,
  );
}
