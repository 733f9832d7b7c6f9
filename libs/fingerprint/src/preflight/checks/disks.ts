import type { FactValue } from '../../facts.js';
import type { FolderState } from '../extras.js';
import type { MachineNeeds } from '../finding.js';
import { GB, gigabytes } from '../gigabytes.js';
import {
  check,
  error,
  ok,
  unknown,
  warning,
  type Judgement,
  type Machine,
} from '../machine-check.js';
import { sources } from '../sources.js';
import { asRoot, byHand } from '../steps.js';

const ENOUGH_BYTES = 100 * GB;

/** A volume as the facts have it. */
interface Space {
  readonly free: FactValue;
  readonly size: FactValue;
}

function judgeSpace({ free, size }: Space, { minimumDiskBytes }: MachineNeeds): Judgement {
  if (typeof free !== 'number') return unknown();
  const ofSize = typeof size === 'number' ? ` of ${gigabytes(size)}` : '';
  const found = `${gigabytes(free)} free${ofSize}`;
  const more = byHand('make room there, or name a folder on a larger disk');
  if (free < minimumDiskBytes) {
    const expected = `at least ${gigabytes(minimumDiskBytes)} free for this release`;
    return { ...error(found, more), expected };
  }
  return free >= ENOUGH_BYTES ? ok(found) : warning(found, more);
}

function judgeFolder(state: FolderState | null, path: string, { 'user.uid': uid }: Machine) {
  switch (state) {
    case null:
      return unknown();
    case 'writable':
      return ok('can be written to');
    case 'not-writable':
      return error(
        'cannot be written to',
        byHand(`name another folder, or let the builder's user write to ${path}`),
      );
    case 'not-a-folder':
      return error('is no folder', byHand(`name another folder: ${path} is taken by a file`));
    case 'cannot-be-made':
      return error(
        'is not there and cannot be made',
        asRoot(
          "make it for the builder's user",
          ...(['install', '-d', '-o', String(uid ?? 'root'), '--', path] as const),
        ),
      );
  }
}

const SPACE = {
  expected: 'at least 100 GB free',
  hard: { when: 'less than the table of eras says', failure: 'out-of-space' },
  warns: 'less than 100 GB',
} as const;
const FOLDER = {
  expected: 'can be written to',
  hard: { when: 'it cannot', failure: 'permission' },
  warns: null,
  source: null,
} as const;

/** Whether builds fit where they are, and may be there. */
export const diskChecks = [
  check('build-disk', {
    ...SPACE,
    why: 'a full disk ends a build',
    source: sources.requirements,
    judge: (machine, needs) =>
      judgeSpace(
        {
          free: machine['disk.build.free'],
          size: machine['disk.build.size'],
        },
        needs,
      ),
  }),
  check('cache-disk', {
    ...SPACE,
    why: 'a full disk ends a fetch, a download or a build',
    source: sources.requirements,
    judge: (machine, needs) =>
      judgeSpace(
        {
          free: machine['disk.cache.free'],
          size: machine['disk.cache.size'],
        },
        needs,
      ),
  }),
  check('home-disk', {
    ...SPACE,
    hard: null,
    why: "the script keeps Bazel's outputs below the home's .cache",
    source: sources.containerRun,
    // On the build's own disk it would only be said twice.
    concerns: (machine) => machine['disk.home.size'] !== machine['disk.build.size'],
    judge: (machine, needs) =>
      judgeSpace(
        {
          free: machine['disk.home.free'],
          size: machine['disk.home.size'],
        },
        // How much of the release's need falls here no public figure tells.
        { ...needs, minimumDiskBytes: 0 },
      ),
  }),
  check('build-folder', {
    ...FOLDER,
    why: 'commits are checked out and built there',
    judge: (machine) => judgeFolder(machine['folder.build'], machine['path.build'], machine),
  }),
  check('cache-folder', {
    ...FOLDER,
    why: 'the repository is kept there',
    judge: (machine) => judgeFolder(machine['folder.cache'], machine['path.cache'], machine),
  }),
  check('temp-folder', {
    ...FOLDER,
    why: 'the build makes its images there',
    judge: (machine) => judgeFolder(machine['folder.temp'], machine['path.temp'], machine),
  }),
  check('home-folder', {
    ...FOLDER,
    why: 'the script makes folders there before it starts its container',
    source: sources.containerRun,
    judge: (machine) => judgeFolder(machine['folder.home'], machine['path.home'], machine),
  }),
] as const;
