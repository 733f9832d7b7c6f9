import { setTimeout as delay } from 'node:timers/promises';
import { beganWith, listProcesses, type ProcessFacts } from './processes.js';

const POLL_MS = 50;
const MAX_KILL_ROUNDS = 40;
const DEFAULT_GRACE_MS = 10_000;

/**
 * Ends what is left running of a build whose agent was killed: it would go on for hours, and write
 * into the folders of the build that takes its place. Linux only; elsewhere nothing is found.
 *
 * The build is known by its temp folder, which no other build ever had: whatever began with it as
 * TMPDIR is of that build, and so are its sessions and descendants, since a build runs in a session
 * of its own. Process ids would not do: they are given again. First SIGTERM and a time of grace, in
 * which a container engine can stop its container; then SIGKILL.
 *
 * @returns whether there was anything to end
 */
export async function endOrphans(tempDir: string, graceMs = DEFAULT_GRACE_MS): Promise<boolean> {
  const sessions = new Set<number>();
  const look = async (): Promise<readonly ProcessFacts[]> => membersOf(tempDir, sessions);
  let alive = await look();
  if (alive.length === 0) return false;
  send(alive, 'SIGTERM');
  const deadlineMs = performance.now() + graceMs;
  while (alive.length > 0 && performance.now() < deadlineMs) {
    await delay(POLL_MS);
    alive = await look();
  }
  for (let round = 0; alive.length > 0 && round < MAX_KILL_ROUNDS; round += 1) {
    // A member may fork while it is being killed; its child is found in the next round.
    send(alive, 'SIGKILL');
    await delay(POLL_MS);
    alive = await look();
  }
  return true;
}

/** Finds the build's processes, and adds their sessions to those that are known to be its own. */
async function membersOf(tempDir: string, sessions: Set<number>): Promise<readonly ProcessFacts[]> {
  const all = await listProcesses();
  const own = all.find(({ pid }) => pid === process.pid);
  // A session whose leader is outside of our container is 0, for all such processes alike.
  const isForeign = (session: number): boolean => session === 0 || session === own?.session;
  const members = new Set<number>();
  for (const { pid, session } of all) {
    if (sessions.has(session) || (await beganWith(pid, `TMPDIR=${tempDir}`))) members.add(pid);
  }
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const { pid, parent, session } of all) {
      if (members.has(pid) && !isForeign(session)) sessions.add(session);
      if (members.has(parent) || sessions.has(session)) members.add(pid);
    }
  }
  return all.filter(({ pid }) => members.has(pid));
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
