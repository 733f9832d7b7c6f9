import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findHierarchies, type Hierarchies } from './hierarchies.js';
import { hits, type BuildLimits, type LimitHit } from './limits.js';

const REMOVE_ROUNDS = 40;
const POLL_MS = 50;

/**
 * A control group of one build. Nothing that is in it can leave it without root, so all that a build
 * started is found in it, however it hid, and counted together.
 *
 * Source: kernel.org admin-guide/cgroup-v1/pids.rst and memory.rst, cgroup-v2.rst
 */
export class ControlGroup {
  private constructor(
    private readonly folders: Hierarchies,
    private readonly limits: BuildLimits,
    /** Which limits hold here; the others are a watch's. */
    readonly holds: { readonly processes: boolean; readonly memory: boolean },
  ) {}

  /**
   * Makes a group below the one that this process is in, where there are controllers and this
   * process may; null where not.
   */
  static async create(name: string, limits: BuildLimits): Promise<ControlGroup | null> {
    const parents = await findHierarchies();
    if (parents === null) return null;
    const { version } = parents;
    const folders = {
      version,
      pids: parents.pids === null ? null : join(parents.pids, name),
      memory: parents.memory === null ? null : join(parents.memory, name),
    };
    const isThere = { pids: await made(folders.pids), memory: await made(folders.memory) };
    const own: Hierarchies = {
      version,
      pids: isThere.pids ? folders.pids : null,
      memory: isThere.memory ? folders.memory : null,
    };
    if (own.pids === null && own.memory === null) return null;
    const limitOf = version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
    return new ControlGroup(own, limits, {
      processes: await written(own.pids, 'pids.max', limits.processes),
      memory: await written(own.memory, limitOf, limits.memoryBytes),
    });
  }

  /** Files into which a process writes its own id to be in the group. */
  get doors(): readonly string[] {
    return this.paths().map((folder) => join(folder, 'cgroup.procs'));
  }

  /** The processes that are in it now. */
  async members(): Promise<readonly number[]> {
    const texts = await Promise.all(this.doors.map(async (door) => textOf(door)));
    const ids = texts.flatMap((text) => text.split('\n')).filter((line) => /^[1-9]\d*$/.test(line));
    return [...new Set(ids.map(Number))];
  }

  /** The limit that the kernel has had to hold since the group was made; null if none. */
  async hit(): Promise<LimitHit | null> {
    const { processes, memoryBytes } = this.limits;
    const { pids, memory, version } = this.folders;
    if (this.holds.processes && pids !== null && processes !== undefined) {
      const refused = count(await textOf(join(pids, 'pids.events')), 'max');
      if (refused > 0) return hits.processes(processes);
    }
    if (this.holds.memory && memory !== null && memoryBytes !== undefined) {
      const file = version === 2 ? 'memory.events' : 'memory.oom_control';
      const killed = count(await textOf(join(memory, file)), 'oom_kill');
      if (killed > 0) return hits.memory(memoryBytes);
    }
    return null;
  }

  /** Ends all that is in it, at once where the kernel can. */
  async kill(): Promise<void> {
    if (this.folders.version === 2) {
      for (const folder of this.paths()) {
        await writeFile(join(folder, 'cgroup.kill'), '1').catch(() => undefined);
      }
    }
    for (const pid of await this.members()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  }

  /** Removes the group, once it is empty; what is left of it then is empty folders. */
  async remove(): Promise<void> {
    for (const folder of this.paths()) {
      // A process that was killed is in it until its parent has seen its end.
      for (let round = 0; round < REMOVE_ROUNDS; round += 1) {
        const isGone = await rmdir(folder).then(
          () => true,
          (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
        );
        if (isGone) break;
        await delay(POLL_MS);
      }
    }
  }

  private paths(): readonly string[] {
    const { pids, memory } = this.folders;
    return [...new Set([pids, memory])].filter((folder) => folder !== null);
  }
}

async function made(folder: string | null): Promise<boolean> {
  if (folder === null) return false;
  return mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  );
}

async function written(
  folder: string | null,
  file: string,
  value: number | undefined,
): Promise<boolean> {
  if (folder === null || value === undefined) return false;
  const path = join(folder, file);
  await writeFile(path, String(value)).catch(() => undefined);
  // Read back: a limit that only seems to be in force would be worse than none.
  const held = Number(await textOf(path));
  return held > 0 && held <= value;
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function count(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
