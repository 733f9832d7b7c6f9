import { asCommitId, quote, sha256 } from '#libs/encoding';
import type { CommitId } from '#libs/encoding';
import { DEFAULT_ERA } from '../era.js';
import type { EraId } from '../era.js';
import { WorldError } from '../error.js';
import { git } from '../git.js';
import { formatDefects } from './defects.js';
import type { Defects } from './defects.js';
import { changeTo } from './era-tree.js';
import { fastImportStream } from './fast-import.js';
import type { ImportedCommit } from './fast-import.js';
import { maliceFiles, type Malice } from './malice.js';
import { readTree } from './tree.js';

/** Size of SetupOS's disk.img, which as a file size limit is the one at which `unchecked-copy` shows. */
export const SETUPOS_DISK_BYTES = 6 * 1024 * 1024;

/**
 * Size of a tmpfs that holds a whole build, but not the uncompressed copy that `unchecked-copy`
 * makes of SetupOS's disk: such a release ends early on it, unnoticed.
 */
export const FULL_AT_SETUPOS_BYTES = 6 * 1024 * 1024;

/** Day and hour at which a release is cut unless told otherwise. */
export const DEFAULT_CUT = '2026-09-10_03-20';

/** What a release is like beside its defects. */
export interface ReleaseLayout {
  /** Whose layout the tree has; today's unless told otherwise. */
  readonly era?: EraId;
  /** Whether the build refuses a temp filesystem with blocks of other than 4096 bytes. */
  readonly checksBlockSize?: boolean;
  /** What the release means to do to the machine that builds it; nothing unless told otherwise. */
  readonly malice?: Malice;
}

/** The Internet Computer's repository in small. */
export interface IcMini {
  /** Bare repository. */
  readonly gitDir: string;
  /** Tip of master: clean, and the parent of every release. */
  readonly master: CommitId;
  /**
   * Cuts a release with these defects on a branch `rc--<cut>-<name>` of its own. The same defects,
   * cut and layout give the same commit id in every repository, on every machine. `cut` is
   * `YYYY-MM-DD_HH-MM`; it tells nothing about the era.
   *
   * @throws WorldError MALFORMED_CUT, COMMAND_FAILED
   */
  commit(defects: Defects, cut?: string, layout?: ReleaseLayout): Promise<CommitId>;
}

/**
 * Makes ic-mini's bare repository at `dir`, which must be empty or missing: three commits on
 * master, none with a defect. It can be made again over itself.
 *
 * @throws WorldError COMMAND_FAILED
 */
export async function createIcMini(dir: string): Promise<IcMini> {
  await git(['init', '--quiet', '--bare', '--initial-branch=master', '--object-format=sha1', dir]);
  const [, , master] = await importCommits(dir, await baseHistory());
  if (!master) throw new WorldError('COMMAND_FAILED', 'git fast-import printed no commit id');

  return {
    gitDir: dir,
    master,
    async commit(defects, cut = DEFAULT_CUT, layout = {}) {
      const [release] = await importCommits(dir, [
        await releaseCommit(master, defects, cut, layout),
      ]);
      if (!release) throw new WorldError('COMMAND_FAILED', 'git fast-import printed no commit id');
      return release;
    },
  };
}

async function baseHistory(): Promise<ImportedCommit[]> {
  const tree = await readTree();
  const isIntroduction = (path: string) => path === 'README.md' || path === '.gitignore';
  const isRecovery = (path: string) => path.startsWith('ic-os/guestos/envs/recovery/');
  const step = (message: string, day: number, includes: (path: string) => boolean) => ({
    branch: 'master',
    message,
    timeSeconds: Date.UTC(2026, 8, day) / 1000,
    ...(day > 1 && { parent: `:${day - 1}` }),
    files: tree.filter((file) => includes(file.path)),
  });
  return [
    step('the Internet Computer in small', 1, isIntroduction),
    step('build the images', 2, (path) => !isIntroduction(path) && !isRecovery(path)),
    step('a recovery GuestOS', 3, isRecovery),
  ];
}

async function releaseCommit(
  parent: CommitId,
  defects: Defects,
  cut: string,
  { era = DEFAULT_ERA, checksBlockSize = false, malice }: ReleaseLayout,
): Promise<ImportedCommit> {
  const [, day, hour, minute] = /^(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)$/.exec(cut) ?? [];
  const timeMs = day && hour && minute ? Date.parse(`${day}T${hour}:${minute}:00Z`) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new WorldError('MALFORMED_CUT', `${quote(cut)} is no cut: expected YYYY-MM-DD_HH-MM`);
  }
  const conf = formatDefects(defects);
  const name = [
    conf === formatDefects({}) ? 'base' : sha256(conf).slice(0, 8),
    ...(era === DEFAULT_ERA ? [] : [era]),
    ...(checksBlockSize ? ['block-size'] : []),
    ...(malice === undefined ? [] : [malice.what]),
  ].join('-');
  const { files, removed } = await changeTo(era, checksBlockSize);
  return {
    branch: `rc--${cut}-${name}`,
    message: `release ${cut}-${name}`,
    timeSeconds: timeMs / 1000,
    parent,
    files: [
      { path: 'ic-os/defects.conf', executable: false, content: Buffer.from(conf) },
      ...files,
      ...(malice === undefined ? [] : await maliceFiles(malice)),
    ],
    removed,
  };
}

async function importCommits(gitDir: string, commits: ImportedCommit[]): Promise<CommitId[]> {
  const ids = await git(
    [`--git-dir=${gitDir}`, 'fast-import', '--quiet'],
    fastImportStream(commits),
  );
  return ids.split('\n').map(asCommitId);
}
