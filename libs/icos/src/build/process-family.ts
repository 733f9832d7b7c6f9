import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, type ProcessFacts } from './process-table.js';

const POLL_MS = 50;
const MAX_KILL_ROUNDS = 40;

/** Other marks by which members are known, wherever they went. */
export interface FamilyMarks {
  /** Ids of processes that bear them now. */
  readonly find: () => Promise<readonly number[]>;
  /** Ends all that bear them, at once. */
  readonly end: () => Promise<void>;
}

/**
 * A process started as leader of its own session, and all that came of it: what is in its session
 * or group, and descendants that left both. A descendant that left both *and* lost its parent
 * between two looks is out of reach, unless it bears a mark; {@link look} now and then keeps that
 * window small.
 */
export class ProcessFamily {
  /** Start ticks by pid of everything seen so far. */
  private readonly known = new Map<number, string>();

  constructor(
    private readonly leader: number,
    private readonly marks: FamilyMarks | null = null,
  ) {}

  /** Finds the members that run now. */
  async look(): Promise<readonly ProcessFacts[]> {
    const [all, marked] = await Promise.all([listProcesses(), this.marks?.find() ?? []]);
    const members = new Set<number>(marked);
    for (const one of all) {
      const isOurs = one.session === this.leader || one.group === this.leader;
      const isKnown = this.known.get(one.pid) === one.startTicks;
      if (isOurs || isKnown) members.add(one.pid);
    }
    for (let before = -1; before !== members.size;) {
      before = members.size;
      for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
    }
    const family = all.filter(({ pid }) => members.has(pid));
    for (const { pid, startTicks } of family) this.known.set(pid, startTicks);
    return family;
  }

  /**
   * Ends the family: SIGTERM and a time of grace, in which a container engine can stop its
   * container; then SIGKILL until nobody is left.
   */
  async end(graceMs: number): Promise<void> {
    let alive = await this.look();
    if (graceMs > 0) {
      send(alive, 'SIGTERM');
      const deadline = performance.now() + graceMs;
      while (alive.length > 0 && performance.now() < deadline) {
        await delay(POLL_MS);
        alive = await this.look();
      }
    }
    await this.marks?.end();
    for (let round = 0; alive.length > 0 && round < MAX_KILL_ROUNDS; round += 1) {
      // A member may fork while it is being killed; its child is found in the next round.
      send(alive, 'SIGKILL');
      await delay(POLL_MS);
      alive = await this.look();
    }
  }
}

function send(members: readonly ProcessFacts[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid } of members) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already, or another user's (sudo): there is nothing more to be done about it here.
    }
  }
}
