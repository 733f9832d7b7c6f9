import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Sample } from '#libs/platform';
import type { LeasesService } from '../leases/leases.service.js';
import type { RoundWatchService } from '../live/round-watch.service.js';
import type { LogHalt } from '../log/log-halt.js';
import type { CoordinatorMeters } from './coordinator-meters.js';

/** As much of a pool of `pg` as is looked at. */
const Pool = z.object({
  totalCount: z.number(),
  idleCount: z.number(),
  waitingCount: z.number(),
});
const PgDriver = z.object({ master: Pool });
const REASONS = ['LOG_CORRUPT', 'LOG_BEHIND'] as const;

/** What this process itself knows: its pool, its leases, its readers, whether it keeps the log still. */
export function processSample(
  parts: {
    readonly dataSource: DataSource;
    readonly leases: LeasesService;
    readonly halt: LogHalt;
    readonly rounds: RoundWatchService;
  },
  meters: CoordinatorMeters,
): Sample {
  const connections = meters.gauge('quorum_database_connections');
  const held = meters.gauge('quorum_lease_held');
  const halted = meters.gauge('quorum_log_halted');
  const streams = meters.gauge('quorum_live_streams');
  const known = new Set<string>();
  return {
    name: 'process',
    take: () => {
      for (const reason of REASONS) {
        const isSo = parts.halt.reason?.code === reason;
        halted.set({ reason: reason.toLowerCase().replace('_', '-') }, isSo ? 1 : 0);
      }
      for (const name of parts.leases.held) known.add(name);
      for (const lease of known) {
        held.set({ lease }, parts.leases.held.includes(lease) ? 1 : 0);
      }
      streams.set(parts.rounds.readers);
      const pool = PgDriver.safeParse(parts.dataSource.driver).data?.master;
      if (pool !== undefined) {
        connections.set({ state: 'in-use' }, pool.totalCount - pool.idleCount);
        connections.set({ state: 'idle' }, pool.idleCount);
        connections.set({ state: 'waited-for' }, pool.waitingCount);
      }
      return Promise.resolve();
    },
  };
}
