import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { ATTEST_STREAM, COORDINATOR_DURABLE } from '#libs/contracts';
import type { Sample } from '#libs/platform';
import type { CoordinatorMeters } from './coordinator-meters.js';

/** What JetStream holds for the coordinators, and since when. */
export function natsSample(nats: NatsConnection, meters: CoordinatorMeters): Sample {
  const connected = meters.gauge('quorum_nats_connected');
  const pending = meters.gauge('quorum_ingest_pending_messages');
  const lag = meters.gauge('quorum_ingest_lag_seconds');
  return {
    name: 'nats',
    take: async () => {
      connected.set(0);
      pending.remove({ state: 'waiting' });
      pending.remove({ state: 'in-hand' });
      lag.remove();
      await nats.flush();
      connected.set(1);
      const manager = await jetstreamManager(nats, { checkAPI: false });
      const { name } = ATTEST_STREAM;
      const info = await manager.consumers.info(name, COORDINATOR_DURABLE);
      pending.set({ state: 'waiting' }, info.num_pending);
      pending.set({ state: 'in-hand' }, info.num_ack_pending);
      if (info.num_pending + info.num_ack_pending === 0) {
        lag.set(0);
        return;
      }
      try {
        const query = { seq: info.ack_floor.stream_seq + 1, next_by_subj: '>' };
        const oldest = await manager.streams.getMessage(name, query);
        lag.set(oldest === null ? 0 : Math.max(0, (Date.now() - oldest.time.getTime()) / 1000));
      } catch (error) {
        // It was done with meanwhile.
        if (!(error instanceof JetStreamApiError)) throw error;
        lag.set(0);
      }
    },
  };
}
