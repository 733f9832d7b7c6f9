import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommitId, Sha256 } from '#libs/encoding';
import { compareText } from '#libs/encoding';
import { ARTIFACTS, ARTIFACT_NAMES, builtPath, cdnPath } from './artifact.js';
import type { ArtifactName } from './artifact.js';
import { buildRelease, factsOf } from './build-release.js';
import type { FileFacts } from './build-release.js';
import { mirrorConf } from './builder-environment/builder-environment.js';
import type { OperatingSystem } from './ic-mini/defects.js';
import type { IcMini } from './ic-mini/ic-mini.js';
import { TARGETS, tamper } from './tampering.js';

/** What is published, and where. */
export interface Publication {
  readonly icMini: IcMini;
  readonly commit: CommitId;
  /** Folders of the CDN hosts; each gets a copy below `ic/<commit>/`. */
  readonly cdnRoots: readonly string[];
  /** Package mirror of the publisher's own builder, for releases that do not pin their packages. */
  readonly mirrorUrl?: string | undefined;
  /** Publishes an image of this system that was altered after the build, under its own digest. */
  readonly tamper?: OperatingSystem | undefined;
  /** Folder for the build, emptied of it afterwards. */
  readonly workDir: string;
}

/** Launch measurements as the CDN's JSON has them: 48 byte values and a kernel command line each. */
export interface LaunchMeasurements {
  readonly guest_launch_measurements: readonly {
    readonly measurement: readonly number[];
    readonly metadata: { readonly kernel_cmdline: string };
  }[];
}

/** What was published: what a proposal to elect it would say. */
export interface Published {
  readonly commit: CommitId;
  readonly artifacts: Readonly<Record<ArtifactName, FileFacts & { readonly cdnPath: string }>>;
  readonly measurements: LaunchMeasurements;
}

/**
 * Builds a release as DFINITY does, in a reference environment, by the commit's own script, and
 * lays the outputs out as the CDN has them, with a SHA256SUMS (one space) in each folder.
 *
 * @throws WorldError BUILD_FAILED, COMMAND_FAILED
 */
export async function publish(publication: Publication): Promise<Published> {
  const { icMini, commit, cdnRoots, mirrorUrl, workDir } = publication;
  await mkdir(workDir, { recursive: true });
  const room = await mkdtemp(join(workDir, 'publish-'));
  try {
    const { worktree } = await buildRelease({
      repository: icMini.gitDir,
      commit,
      worktree: join(room, 'ic'),
      environment: {
        home: join(room, 'home'),
        tempDir: join(room, 'tmp'),
        umask: 0o022,
        ...(mirrorUrl !== undefined && { containerRunConf: mirrorConf(mirrorUrl) }),
      },
    });
    if (publication.tamper) {
      const { artifact } = TARGETS[publication.tamper];
      await tamper(join(worktree, builtPath(artifact)), publication.tamper, join(room, 'altered'));
    }
    const artifacts = await layOut(worktree, commit, join(room, 'cdn'));
    const measurements = await readFile(join(worktree, builtPath('guestos/launch-measurements')));
    for (const root of cdnRoots) await cp(join(room, 'cdn'), root, { recursive: true });
    return {
      commit,
      artifacts,
      measurements: JSON.parse(measurements.toString()) as LaunchMeasurements,
    };
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

async function layOut(
  worktree: string,
  commit: CommitId,
  root: string,
): Promise<Published['artifacts']> {
  const sums = new Map<string, [file: string, digest: Sha256][]>();
  const published: [ArtifactName, Published['artifacts'][ArtifactName]][] = [];
  for (const name of ARTIFACT_NAMES) {
    const path = cdnPath(name, commit);
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(worktree, builtPath(name)), target);
    const facts = await factsOf(target);
    published.push([name, { ...facts, cdnPath: path }]);
    const [, , file] = ARTIFACTS[name];
    sums.set(dirname(target), [...(sums.get(dirname(target)) ?? []), [file, facts.digest]]);
  }
  for (const [folder, entries] of sums) {
    const sorted = entries.toSorted(([a], [b]) => compareText(a, b));
    const lines = sorted.map(([file, digest]) => `${digest} ${file}\n`);
    await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
  }
  return Object.fromEntries(published) as Published['artifacts'];
}
