import { setTimeout as delay } from 'node:timers/promises';
import type { BuildUser } from './build-user.js';
import type { ControlGroup } from './control-group.js';
import { foldersWithFree, freeBytesOf, takenBytes } from './disk-usage.js';
import { hits, type BuildLimits, type LimitHit } from './limits.js';
import { provenBytes } from './memory-usage.js';
import { listOwned, type OwnedProcess } from './user-processes.js';

/** What is watched. */
export interface LimitWatchRequest {
  readonly limits: BuildLimits;
  /** Folders that the build writes to. */
  readonly folders: readonly string[];
  readonly user: BuildUser | null;
  readonly group: ControlGroup | null;
  /** The build's processes, where it has no user of its own. */
  readonly processes: () => Promise<readonly OwnedProcess[]>;
}

const LOOK_MS = 250;
/** Descent takes a look at every process of the machine. */
const FAMILY_LOOK_MS = 1_000;
/** A walk through a large build takes long; it may take up this part of the time. */
const WALK_SHARE = 10;
/** The kernel refuses what would be one too many, so one short of the limit is at it. */
const REFUSED = 1;

/**
 * Looks after limits that the kernel does not hold, and whether one that it holds was met. Its
 * signal aborts with the first that was.
 */
export class LimitWatch {
  private readonly controller = new AbortController();
  private readonly stopping = new AbortController();
  private readonly startedAt = performance.now();
  private readonly done: Promise<void>;
  private reserving: readonly string[] = [];
  private walkDue = 0;
  private familyDue = 0;
  private found: LimitHit | null = null;

  constructor(private readonly request: LimitWatchRequest) {
    this.done = this.run();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The limit that was met first; null if none. */
  get hit(): LimitHit | null {
    return this.found;
  }

  /** Says that a limit was met which somebody else looks after. */
  report(hit: LimitHit): void {
    this.found ??= hit;
    this.controller.abort(new Error(hit.message));
  }

  /**
   * Ends the watch. Where the build failed, after a last look at what the kernel has counted: a limit
   * met in its last moments is why.
   */
  async stop(hasFailed: boolean): Promise<void> {
    this.stopping.abort();
    await this.done;
    const last = hasFailed ? ((await this.request.group?.hit()) ?? null) : null;
    if (last !== null) this.report(last);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { folders, limits } = this.request;
    // What is smaller than that from the start is nobody's but the build's: it may fill it.
    this.reserving = await foldersWithFree(folders, limits.freeBytes ?? Infinity);
    while (!signal.aborted && this.found === null) {
      // What cannot be read now is read the next time; a look must not end the agent.
      const hit = await this.look().catch(() => null);
      if (hit !== null) this.report(hit);
      await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async look(): Promise<LimitHit | null> {
    const { limits, group } = this.request;
    const { wallClockMs } = limits;
    if (wallClockMs !== undefined && performance.now() - this.startedAt >= wallClockMs) {
      return hits.time(wallClockMs);
    }
    return (await group?.hit()) ?? (await this.lookAtProcesses()) ?? (await this.lookAtDisks());
  }

  private async lookAtProcesses(): Promise<LimitHit | null> {
    const { limits, group, user, processes } = this.request;
    const { memoryBytes, processes: most } = limits;
    const isMemoryHeld = group?.holds.memory === true || memoryBytes === undefined;
    const isCountHeld = group?.holds.processes === true || most === undefined;
    if (isMemoryHeld && isCountHeld) return null;
    if (user === null && performance.now() < this.familyDue) return null;
    this.familyDue = performance.now() + FAMILY_LOOK_MS;
    const all = user === null ? await processes() : await listOwned(user);
    const threads = all.reduce((sum, one) => sum + one.threads, 0);
    if (!isCountHeld && threads >= most - REFUSED) return hits.processes(most);
    const resident = all.reduce((sum, one) => sum + one.residentBytes, 0);
    if (isMemoryHeld || resident <= memoryBytes) return null;
    // What processes share was counted for each of them.
    return (await provenBytes(all)) > memoryBytes ? hits.memory(memoryBytes) : null;
  }

  private async lookAtDisks(): Promise<LimitHit | null> {
    const { limits, folders, user } = this.request;
    const { diskBytes, freeBytes } = limits;
    if (freeBytes !== undefined && (await freeBytesOf(this.reserving)) < freeBytes) {
      return hits.space(freeBytes);
    }
    if (diskBytes === undefined || performance.now() < this.walkDue) return null;
    const began = performance.now();
    const taken = await takenBytes(folders, user, diskBytes);
    const tookMs = performance.now() - began;
    this.walkDue = performance.now() + tookMs * WALK_SHARE;
    return taken > diskBytes ? hits.disk(diskBytes) : null;
  }
}
