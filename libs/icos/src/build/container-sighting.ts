import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { kinshipOf, parseMountTable, placeOf, type Place } from './mount-table.js';
import { readSmallFile } from './small-file.js';

/** A container that has the worktree, and what it says of itself. */
export interface Sighting {
  readonly engine: 'podman' | 'docker' | null;
  /** Id of its image, hex; null when it does not say. */
  readonly imageId: string | null;
}

/** This process's own view, against which others are held. */
export interface Viewpoint {
  /** The worktree's real path here, and where it lies. */
  readonly worktree: string;
  readonly place: Place;
  readonly worktreeId: string;
  readonly namespace: string;
  readonly rootId: string;
}

const MAX_MOUNTINFO_BYTES = 4 * 1024 ** 2;
const MAX_CONTAINERENV_BYTES = 4096;

/** Stands where the worktree stands. Fails where there is no /proc or no worktree. */
export async function takeViewpoint(worktree: string): Promise<Viewpoint> {
  const path = await realpath(worktree);
  const place = placeOf(await mountsOf('self'), path);
  if (place === null) throw new Error('the worktree is on no mount');
  return {
    ...{ worktree: path, place, worktreeId: await idOf(path) },
    namespace: await readlink('/proc/self/ns/mnt'),
    rootId: await idOf('/proc/self/root/'),
  };
}

/**
 * Tells whether a process is in a container that has the worktree: a root directory other than
 * ours, a container engine's mark in it, and the worktree among its mounts. A sandbox of Bazel or a
 * service of systemd has a namespace too, but our root.
 *
 * Whoever is root in the build could make all of this up; it tells what happened, not that nobody
 * cheated.
 *
 * @throws Error of the system when the process is gone, or not ours to look at
 * Source: podman-run(1), "/run/.containerenv"; proc_pid_mountinfo(5)
 */
export async function sightContainer(pid: string, view: Viewpoint): Promise<Sighting | null> {
  const root = `/proc/${pid}/root/`;
  if ((await idOf(root)) === view.rootId) return null;
  const mark = join(root, 'run/.containerenv');
  const isPodman = await isThere(mark);
  if (!isPodman && !(await isThere(join(root, '.dockerenv')))) return null;
  if (!(await hasWorktree(pid, view))) return null;
  if (!isPodman) return { engine: 'docker', imageId: null };
  const text = await readSmallFile(mark, MAX_CONTAINERENV_BYTES).catch(() => null);
  return readMark(text?.toString('latin1') ?? '');
}

async function hasWorktree(pid: string, view: Viewpoint): Promise<boolean> {
  const kinships = (await mountsOf(pid)).map((one) => kinshipOf(one, view.place, view.worktree));
  if (kinships.some((kinship) => kinship === 'same' || kinship === 'inside')) return true;
  // Any container that watches over the whole disk has a mount around the worktree.
  return kinships.includes('around') && (await idOf(`/proc/${pid}/cwd/`)) === view.worktreeId;
}

/** What podman writes into a privileged container; nothing of it is believed beyond its form. */
function readMark(text: string): Sighting {
  const imageId = /^imageid="((?:sha256:)?[0-9a-f]{64})"$/m.exec(text)?.[1] ?? null;
  const other = /^engine="(?!podman)/m.test(text);
  return { engine: other ? null : 'podman', imageId: imageId?.replace('sha256:', '') ?? null };
}

async function mountsOf(pid: string): Promise<ReturnType<typeof parseMountTable>> {
  const text = await readSmallFile(`/proc/${pid}/mountinfo`, MAX_MOUNTINFO_BYTES);
  return parseMountTable(text?.toString('utf8') ?? '');
}

async function idOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev} ${ino}`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
