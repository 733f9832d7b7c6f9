import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { HEARTBEAT_LEASE_SECONDS, type Heartbeat } from '#libs/contracts';
import { occupancyOf } from './lease.js';

const SEEN = '2026-11-22T00:00:00Z';
const heartbeat: Heartbeat = {
  ...{ builder: 'aaaaa-bbbbb-cai', agentVersion: '0.1.0', mood: 'ready', slots: 2 },
  ...{ running: [sha256('round')], queued: 1, requeued: 0, freeBytes: null, at: SEEN },
};
const after = (seconds: number): Date => new Date(Date.parse(SEEN) + seconds * 1000);

describe('a builder’s slot', () => {
  const view = { heartbeat, lastSeenAt: SEEN };

  test('is taken while its agent is heard of', () => {
    expect(occupancyOf(view, after(HEARTBEAT_LEASE_SECONDS - 1))?.free).toBe(1);
  });

  test('is freed by silence, whatever ran in it', () => {
    expect(occupancyOf(view, after(HEARTBEAT_LEASE_SECONDS))).toEqual({
      ...{ slots: 2, running: [], free: 2 },
    });
  });

  test('is never less than none, and unknown where nothing was told', () => {
    const busy = { ...heartbeat, slots: 1, running: [sha256('a'), sha256('b')] };
    expect(occupancyOf({ ...view, heartbeat: busy }, after(0))?.free).toBe(0);
    expect(occupancyOf({ heartbeat: null, lastSeenAt: SEEN }, after(0))).toBeNull();
  });
});
