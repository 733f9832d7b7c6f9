import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of control groups, by controller; null where there is none. */
export interface Hierarchies {
  readonly version: 1 | 2;
  readonly pids: string | null;
  readonly memory: string | null;
}

/** Where a process is, by the hierarchies of the machine. */
export interface GroupPlaces {
  /** Path in the hierarchy of each controller of version 1. */
  readonly v1: ReadonlyMap<string, string>;
  readonly v2: string | null;
}

const ROOT = '/sys/fs/cgroup';

/**
 * Reads in which groups a process is. Names of paths that lead up are left out: they are seen from
 * outside of a namespace.
 * Source: cgroups(7), /proc/pid/cgroup
 */
export function parseGroupPlaces(text: string): GroupPlaces {
  const v1 = new Map<string, string>();
  let v2: string | null = null;
  for (const line of text.split('\n')) {
    const [, id = '', controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === '' || path.split('/').includes('..')) continue;
    if (id === '0' && controllers === '') v2 = path;
    for (const controller of controllers.split(','))
      if (controller !== '') v1.set(controller, path);
  }
  return { v1, v2 };
}

/**
 * Finds the groups below which groups of builds can be made: this process's own. Null where this
 * machine shows none.
 */
export async function findHierarchies(): Promise<Hierarchies | null> {
  const text = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const { v1, v2 } = parseGroupPlaces(text);
  const old = {
    pids: await firstWith(placesOf('pids', v1), 'tasks'),
    memory: await firstWith(placesOf('memory', v1), 'tasks'),
  };
  if (old.pids !== null || old.memory !== null) return { version: 1, ...old };
  const own = v2 === null ? null : await firstWith([join(ROOT, v2)], 'cgroup.controllers');
  if (own === null) return null;
  return { version: 2, ...(await openForChildren(own)) };
}

function placesOf(controller: string, v1: ReadonlyMap<string, string>): readonly string[] {
  const path = v1.get(controller);
  return path === undefined ? [] : [join(ROOT, controller, path)];
}

async function firstWith(folders: readonly string[], file: string): Promise<string | null> {
  for (const folder of folders) {
    const isThere = await access(join(folder, file)).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return null;
}

/**
 * Hands controllers to groups below. A group that has processes of its own cannot, so this process
 * goes into one below first, as a service with Delegate= is meant to.
 * Source: kernel.org admin-guide/cgroup-v2.rst, "No Internal Process Constraint"
 */
async function openForChildren(
  folder: string,
): Promise<{ readonly pids: string | null; readonly memory: string | null }> {
  const own = folder.endsWith('/agent') ? join(folder, '..') : folder;
  const handed = async (): Promise<string> =>
    readFile(join(own, 'cgroup.subtree_control'), 'utf8').catch(() => '');
  if (!/\bpids\b/.test(await handed())) {
    const leaf = join(own, 'agent');
    try {
      await mkdir(leaf, { recursive: true });
      await writeFile(join(leaf, 'cgroup.procs'), String(process.pid));
      await writeFile(join(own, 'cgroup.subtree_control'), '+pids +memory');
    } catch {
      // Not handed to us, or others are in it: then no group can be made, and a watch has to do.
    }
  }
  const has = await handed();
  return {
    pids: /\bpids\b/.test(has) ? own : null,
    memory: /\bmemory\b/.test(has) ? own : null,
  };
}
