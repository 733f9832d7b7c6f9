import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CommitId, Sha256 } from '#libs/encoding';
import { compareText } from '#libs/encoding';
import { artifactsOf, builtPath, cdnPath, placeOf } from './artifact.js';
import type { ArtifactOf } from './artifact.js';
import { buildRelease, factsOf } from './build-release.js';
import type { FileFacts } from './build-release.js';
import { mirrorConf } from './builder-environment/builder-environment.js';
import { DEFAULT_ERA, LAYOUTS } from './era.js';
import type { DefaultEra, EraId } from './era.js';
import type { OperatingSystem } from './ic-mini/defects.js';
import type { IcMini } from './ic-mini/ic-mini.js';
import { TARGETS, tamper } from './tampering.js';

/** What is published, and where. */
export interface Publication<E extends EraId = DefaultEra> {
  readonly icMini: IcMini;
  readonly commit: CommitId;
  /** The commit's era; today's unless told otherwise. */
  readonly era?: E;
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
export interface Published<E extends EraId = DefaultEra> {
  readonly commit: CommitId;
  readonly era: E;
  readonly artifacts: Readonly<Record<ArtifactOf<E>, FileFacts & { readonly cdnPath: string }>>;
  /** Null where the era makes none. */
  readonly measurements: 'guestos/launch-measurements' extends ArtifactOf<E>
    ? LaunchMeasurements
    : LaunchMeasurements | null;
}

/**
 * Builds a release as DFINITY does, in a reference environment, by the commit's own script, and
 * lays the outputs out as the CDN has them, with a SHA256SUMS in each folder as the era wrote it.
 *
 * @throws WorldError BUILD_FAILED, COMMAND_FAILED; NO_SUCH_ARTIFACT when an image is to be tampered
 * with that the era does not make
 */
export async function publish<E extends EraId = DefaultEra>(
  publication: Publication<E>,
): Promise<Published<E>> {
  const { icMini, commit, cdnRoots, mirrorUrl, workDir } = publication;
  const era: EraId = publication.era ?? DEFAULT_ERA;
  await mkdir(workDir, { recursive: true });
  const room = await mkdtemp(join(workDir, 'publish-'));
  try {
    const { worktree } = await buildRelease({
      repository: icMini.gitDir,
      commit,
      era,
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
      const archive = join(worktree, builtPath(artifact, era));
      await tamper(archive, publication.tamper, join(room, 'altered'));
    }
    const artifacts = await layOut(worktree, commit, era, join(room, 'cdn'));
    const measurements = await readMeasurements(worktree, era);
    for (const root of cdnRoots) {
      // Folders that other publications share are made here: a copy fails where one comes first.
      await mkdir(join(root, 'ic'), { recursive: true });
      const release = join('ic', commit);
      await cp(join(room, 'cdn', release), join(root, release), { recursive: true });
    }
    // The table of layouts, by which it was made, is what the type is made of.
    return { commit, era, artifacts, measurements } as Published<E>;
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

async function layOut(
  worktree: string,
  commit: CommitId,
  era: EraId,
  root: string,
): Promise<Readonly<Record<string, FileFacts & { readonly cdnPath: string }>>> {
  const sums = new Map<string, [file: string, digest: Sha256][]>();
  const copy = async (from: string, target: string): Promise<FileFacts> => {
    const folder = dirname(target);
    await mkdir(folder, { recursive: true });
    await cp(from, target);
    const facts = await factsOf(target);
    sums.set(folder, [...(sums.get(folder) ?? []), [basename(target), facts.digest]]);
    return facts;
  };
  const published: [string, FileFacts & { readonly cdnPath: string }][] = [];
  for (const name of artifactsOf(era)) {
    const path = cdnPath(name, commit, era);
    const { builtIn, beside } = placeOf(name, era);
    const facts = await copy(join(worktree, builtPath(name, era)), join(root, path));
    published.push([name, { ...facts, cdnPath: path }]);
    for (const file of beside) {
      await copy(join(worktree, builtIn, file), join(root, dirname(path), file));
    }
  }
  for (const [folder, entries] of sums) {
    const sorted = entries.toSorted(([a], [b]) => compareText(a, b));
    const lines = sorted.map(([file, digest]) => `${digest}${LAYOUTS[era].sumSeparator}${file}\n`);
    await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
  }
  return Object.fromEntries(published);
}

async function readMeasurements(worktree: string, era: EraId): Promise<LaunchMeasurements | null> {
  const name = 'guestos/launch-measurements';
  if (!(name in LAYOUTS[era].artifacts)) return null;
  const text = await readFile(join(worktree, builtPath(name, era)), 'utf8');
  return JSON.parse(text) as LaunchMeasurements;
}
