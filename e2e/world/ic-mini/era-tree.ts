import { compareText } from '#libs/encoding';
import type { EraId } from '../era.js';
import type { TreeFile } from './fast-import.js';
import { isProgram, readTree } from './tree.js';

/** What leads from the tree of today's layout to that of an era, step by step. */
type Step =
  /** Adds the files of a folder of `ic-mini`, and replaces those of the same path. */
  | { readonly lay: string }
  /** Renames a file, or all below a folder. */
  | { readonly move: string; readonly to: string }
  /** Removes a file, or all below a folder. */
  | { readonly remove: string };

const lay = (era: EraId): Step => ({ lay: `eras/${era}` });
const TO_GITLAB: Step = { move: 'ci/container', to: 'gitlab-ci/container' };
const NO_RECOVERY: Step = { remove: 'ic-os/guestos/envs/recovery' };

const MEASUREMENTS = [NO_RECOVERY, lay('measurements')];
const UPDATE_FOLDERS = [...MEASUREMENTS, lay('update-folders')];
const OS_FOLDERS = [...UPDATE_FOLDERS, lay('os-folders')];
const GITLAB_OS_FOLDERS = [...OS_FOLDERS, TO_GITLAB];
const GITLAB_OS_FOLDERS_GZ = [...GITLAB_OS_FOLDERS, lay('gitlab-os-folders-gz')];

/** Each era as a difference to its neighbour, as it came about; only the other way round. */
const STEPS: Readonly<Record<EraId, readonly Step[]>> = {
  'attested-sums': [lay('attested-sums')],
  'recovery-and-measurements': [],
  measurements: MEASUREMENTS,
  'update-folders': UPDATE_FOLDERS,
  'os-folders': OS_FOLDERS,
  'gitlab-os-folders': GITLAB_OS_FOLDERS,
  'gitlab-os-folders-gz': GITLAB_OS_FOLDERS_GZ,
  'gitlab-one-image': [...GITLAB_OS_FOLDERS_GZ, lay('gitlab-one-image')],
  'docker-one-image': [
    NO_RECOVERY,
    { move: 'ci/container/container-run.sh', to: 'gitlab-ci/tools/docker-run' },
    { move: 'ci/container/TAG', to: 'gitlab-ci/docker/TAG' },
    { remove: 'ci/container' },
    { remove: 'ic-os/defs.bzl' },
    lay('docker-one-image'),
  ],
};

/** The check of the temp filesystem's blocks, which some commits of several eras have. */
const BLOCK_SIZE_CHECK: Step = { lay: 'block-size' };

/** What a release's tree differs in from master's. */
export interface TreeChange {
  /** New and changed files, in order of paths. */
  readonly files: readonly TreeFile[];
  /** Paths that are gone. */
  readonly removed: readonly string[];
}

/** Gives what an era's tree differs in from today's. */
export async function changeTo(era: EraId, checksBlockSize: boolean): Promise<TreeChange> {
  const before = new Map((await readTree()).map((file) => [file.path, file]));
  let after: ReadonlyMap<string, TreeFile> = before;
  for (const step of [...STEPS[era], ...(checksBlockSize ? [BLOCK_SIZE_CHECK] : [])]) {
    after = await take(step, after);
  }
  const files = [...after.values()].filter((file) => before.get(file.path) !== file);
  return {
    files: files.sort((a, b) => compareText(a.path, b.path)),
    removed: [...before.keys()].filter((path) => !after.has(path)),
  };
}

async function take(
  step: Step,
  tree: ReadonlyMap<string, TreeFile>,
): Promise<ReadonlyMap<string, TreeFile>> {
  if ('lay' in step) {
    const laid = await readTree(step.lay);
    return new Map([...tree, ...laid.map((file) => [file.path, file] as const)]);
  }
  const concerned = 'move' in step ? step.move : step.remove;
  const files = [...tree.values()].flatMap((file) => {
    if (file.path !== concerned && !file.path.startsWith(`${concerned}/`)) return [file];
    if ('remove' in step) return [];
    const path = `${step.to}${file.path.slice(concerned.length)}`;
    return [{ ...file, path, executable: isProgram(path) }];
  });
  return new Map(files.map((file) => [file.path, file]));
}
