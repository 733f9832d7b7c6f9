import { HEARTBEAT_LEASE_SECONDS, type BuilderView } from '#libs/contracts';

/** How much a builder has to do, as far as its agent told and is still believed. */
export interface Occupancy {
  readonly slots: number;
  readonly running: readonly string[];
  /** Slots in which nothing is built. */
  readonly free: number;
}

/**
 * Says how a builder's slots are taken. What it told holds for a minute: an agent that is silent for
 * longer has its slots freed, whatever it had begun. Null where it never told anything.
 */
export function occupancyOf(
  { heartbeat, lastSeenAt }: Pick<BuilderView, 'heartbeat' | 'lastSeenAt'>,
  now: Date,
): Occupancy | null {
  if (heartbeat === null || lastSeenAt === null) return null;
  const { slots } = heartbeat;
  const isLeased = now.getTime() - Date.parse(lastSeenAt) < HEARTBEAT_LEASE_SECONDS * 1000;
  const running = isLeased ? heartbeat.running : [];
  return { slots, running, free: Math.max(0, slots - running.length) };
}
