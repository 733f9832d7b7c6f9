import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from '../attempt.js';
import { cgroupManagerOf } from '../parsers/containers-conf.js';
import { parseControlGroups } from '../parsers/control-groups.js';
import type { MachineExtras } from '../preflight/extras.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';

type CgroupExtras = Pick<MachineExtras, Extract<keyof MachineExtras, `cgroup.${string}`>>;

const ROOT = '/sys/fs/cgroup';
/** For everybody, in the order in which podman reads them. */
const SYSTEM_FOLDERS = ['/usr/share/containers', '/etc/containers'];

/** Reads how processes are grouped and limited, and what podman is told of it. */
export async function readControlGroups({ home, timeoutMs }: Looking): Promise<CgroupExtras> {
  const [own, controllers, forAll, forUser] = await Promise.all([
    readText('/proc/self/cgroup', timeoutMs),
    readText(join(ROOT, 'cgroup.controllers'), timeoutMs),
    Promise.all(SYSTEM_FOLDERS.map((folder) => readConfs(folder, timeoutMs))),
    readConfs(join(home, '.config/containers'), timeoutMs),
  ]);
  const { version, hasOldPids, path } = parseControlGroups(own ?? '');
  const newPids = controllers === null ? null : controllers.split(/\s+/).includes('pids');
  return {
    'cgroup.version': version,
    'cgroup.pids': version === 1 ? hasOldPids : newPids,
    'cgroup.moved': path === null ? null : path.startsWith('/wsl-user/'),
    'cgroup.manager': cgroupManagerOf(forAll.flat()),
    'cgroup.user-manager': cgroupManagerOf(forUser),
  };
}

/** Texts of containers.conf in a folder, then of the files beside it. */
async function readConfs(folder: string, timeoutMs: number): Promise<readonly string[]> {
  const parts = join(folder, 'containers.conf.d');
  const names = (await attempt(timeoutMs, () => readdir(parts))) ?? [];
  const more = names.filter((name) => name.endsWith('.conf')).toSorted();
  const paths = [join(folder, 'containers.conf'), ...more.map((name) => join(parts, name))];
  const texts = await Promise.all(paths.map((path) => readText(path, timeoutMs)));
  return texts.filter((text) => text !== null);
}
