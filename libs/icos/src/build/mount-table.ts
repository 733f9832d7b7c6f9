import { join, relative } from 'node:path';

/** One mount, as far as it tells what is mounted. */
export interface Mount {
  /** Number of the filesystem; the same in every namespace that mounts it. */
  readonly device: string;
  /** What of the filesystem is mounted, as a path from its own root. */
  readonly root: string;
  readonly point: string;
  readonly filesystem: string;
  readonly options: string;
}

/** A folder by its filesystem: the same whatever name a namespace gives it. */
export interface Place {
  readonly device: string;
  readonly path: string;
}

/** How a mount and a folder lie to each other: it is the folder, lies in it, or it lies in it. */
export type MountKinship = 'same' | 'inside' | 'around';

/**
 * Reads a text of /proc/<pid>/mountinfo, in the order of mounting. A line without its fields, such
 * as one that was cut off, is left out.
 *
 * Source: proc_pid_mountinfo(5)
 */
export function parseMountTable(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [, , device, root, point] = fields;
    // Any number of optional fields stands before the dash.
    const dash = fields.indexOf('-', 6);
    const [filesystem, , options] = dash < 0 ? [] : fields.slice(dash + 1);
    if (device === undefined || root === undefined || point === undefined) return [];
    if (filesystem === undefined || options === undefined) return [];
    return [
      {
        ...{ device, root: unescape(root), point: unescape(point) },
        ...{ filesystem, options: unescape(options) },
      },
    ];
  });
}

/** Finds where a real, absolute path lies: on the deepest mount that holds it, the last of those. */
export function placeOf(mounts: readonly Mount[], path: string): Place | null {
  const holding = mounts.filter(({ point }) => isWithin(path, point));
  const depth = Math.max(...holding.map(({ point }) => point.length));
  const mount = holding.findLast(({ point }) => point.length === depth);
  if (mount === undefined) return null;
  return { device: mount.device, path: join(mount.root, relative(mount.point, path)) };
}

/**
 * Tells how a mount shows a folder; null when it does not. Bind mounts and subvolumes keep device
 * and path; an overlay is a filesystem of its own, and names the folders below it by `hostPath`.
 */
export function kinshipOf(mount: Mount, place: Place, hostPath: string): MountKinship | null {
  if (mount.filesystem === 'overlay') {
    const below = mount.options.split(/[,:=]/);
    if (below.includes(hostPath)) return 'same';
  }
  if (mount.device !== place.device) return null;
  if (mount.root === place.path) return 'same';
  if (isWithin(mount.root, place.path)) return 'inside';
  return isWithin(place.path, mount.root) ? 'around' : null;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
