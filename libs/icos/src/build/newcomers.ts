import { accessSync, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Sighting, sightContainer, type Viewpoint } from './container-sighting.js';

/** Flag of a thread of the kernel, which has no container. Source: proc_pid_stat(5), PF_KTHREAD */
const KERNEL_THREAD = 0x0020_0000;
/** What the machine's own process namespace is called. Source: linux/proc_ns.h, PROC_PID_INIT_INO */
const FIRST_NAMESPACE = 'pid:[4026531836]';
const DAEMON_SOCKETS = ['/run/docker.sock', '/var/run/docker.sock', '/run/podman/podman.sock'];
/** Entries that say only that a process has ended meanwhile. */
const GONE = new Set(['ENOENT', 'ESRCH', 'EINVAL']);

/**
 * Processes that began after this was made. What ran before cannot be of the build; on a machine of
 * many processes, not looking at them is what makes a look cheap.
 */
export class Newcomers {
  /** Whether there was a process that may have been in a container, and could not be looked at. */
  isBlind: boolean;
  private earlier: ReadonlySet<string>;

  constructor() {
    // At once, not soon: the build is started right after this.
    this.earlier = new Set(pidsIn(readdirSync('/proc')));
    this.isBlind = isHidden() || isElsewhere();
  }

  /** Looks once at each namespace that a newcomer is in, for a container with the worktree. */
  async sight(view: Viewpoint): Promise<Sighting | null> {
    const pids = pidsIn(await readdir('/proc'));
    // An id that was given back belongs to somebody new from now on.
    this.earlier = new Set(pids.filter((pid) => this.earlier.has(pid)));
    const seen = new Set([view.namespace]);
    for (const pid of pids) {
      if (this.earlier.has(pid)) continue;
      try {
        const namespace = await readlink(`/proc/${pid}/ns/mnt`);
        if (seen.has(namespace)) continue;
        const sighting = await sightContainer(pid, view);
        if (sighting !== null) return sighting;
        seen.add(namespace);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        if (!this.isBlind && !GONE.has(code)) this.isBlind = !(await isKernelThread(pid));
      }
    }
    return null;
  }
}

/** With hidepid, other users' processes are not even listed. */
function isHidden(): boolean {
  try {
    accessSync('/proc/1');
    return false;
  } catch {
    return true;
  }
}

/** From inside a container, a daemon outside can be told to start others that are not seen here. */
function isElsewhere(): boolean {
  return readlinkSync('/proc/self/ns/pid') !== FIRST_NAMESPACE && DAEMON_SOCKETS.some(existsSync);
}

function pidsIn(entries: readonly string[]): readonly string[] {
  return entries.filter((entry) => /^[1-9][0-9]*$/.test(entry));
}

/** Also true for a process that is gone: it was too short to be a build. */
async function isKernelThread(pid: string): Promise<boolean> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, is chosen by the process and may hold anything, ") " included.
    const flags = text.slice(text.lastIndexOf(') ') + 2).split(' ')[6];
    return (Number(flags) & KERNEL_THREAD) !== 0;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return GONE.has(code);
  }
}
