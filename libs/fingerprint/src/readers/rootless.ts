import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import process from 'node:process';
import { attempt, tried } from '../attempt.js';
import { countSubordinateIds } from '../parsers/subordinate-ids.js';
import type { MachineExtras } from '../preflight/extras.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';

type RootlessExtras = Pick<MachineExtras, Extract<keyof MachineExtras, `rootless.${string}`>>;

/** Settings of the kernel that forbid user namespaces without root; a file that is not there does not. */
const FORBIDDING = [
  ['kernel.unprivileged_userns_clone', '0'],
  ['user.max_user_namespaces', '0'],
  ['kernel.apparmor_restrict_unprivileged_userns', '1'],
] as const;
/** Ubuntu's exception for podman from the last of them. */
const PODMAN_PROFILE = '/etc/apparmor.d/podman';

/** Reads what podman needs to run without root. */
export async function readRootless({ timeoutMs }: Looking): Promise<RootlessExtras> {
  const user = tried(() => userInfo().username);
  const uid = process.getuid?.() ?? null;
  const count = async (path: string): Promise<number | null> => {
    if (!(await isThere(path, timeoutMs))) return 0;
    const text = await readText(path, timeoutMs);
    return text === null ? null : countSubordinateIds(text, user, uid);
  };
  return {
    'rootless.user-ids': await count('/etc/subuid'),
    'rootless.group-ids': await count('/etc/subgid'),
    'rootless.namespaces': await readNamespaces(timeoutMs),
  };
}

async function readNamespaces(timeoutMs: number): Promise<string | null> {
  const hasProfile = await isThere(PODMAN_PROFILE, timeoutMs);
  for (const [name, forbids] of FORBIDDING) {
    if (name.includes('apparmor') && hasProfile) continue;
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    if (!(await isThere(path, timeoutMs))) continue;
    const value = await readText(path, timeoutMs);
    if (value === null) return null;
    if (value.trim() === forbids) return `${name}=${forbids}`;
  }
  return 'allowed';
}

async function isThere(path: string, timeoutMs: number): Promise<boolean> {
  return (await attempt(timeoutMs, () => access(path).then(() => true))) === true;
}
