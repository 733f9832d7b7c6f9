import { COMMON_METRICS } from '#libs/platform';

const BUILD_BUCKETS = [60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

/**
 * Every metric of the agent's own. Not its builder's id: Prometheus knows which machine it asks.
 *
 * Source: https://prometheus.io/docs/practices/naming/
 */
export const AGENT_METRICS = {
  ...COMMON_METRICS,
  quorum_agent_tries_total: {
    type: 'counter',
    help: 'Tries of builds, by what came of each; of failed ones the stage and the class',
    labels: ['outcome', 'stage', 'class'],
  },
  quorum_agent_try_duration_seconds: {
    type: 'histogram',
    help: 'Duration of tries of builds, downloads and hashing included',
    labels: ['outcome'],
    buckets: BUILD_BUCKETS,
  },
  quorum_agent_stage_duration_seconds: {
    type: 'histogram',
    help: 'Duration of the stages of builds',
    labels: ['stage'],
    buckets: [1, 10, ...BUILD_BUCKETS],
  },
  quorum_agent_slots: { type: 'gauge', help: 'Builds that may run at one time' },
  quorum_agent_slots_busy: { type: 'gauge', help: 'Builds that run' },
  quorum_agent_queue_depth: {
    type: 'gauge',
    help: 'Rounds that wait for a slot, or for their next try',
  },
  quorum_agent_jobs: {
    type: 'gauge',
    help: 'Rounds that are not done with, by what each needs next',
    labels: ['step'],
  },
  quorum_agent_mood: {
    type: 'gauge',
    help: '1 for what the agent does about new rounds, 0 for what it does not',
    labels: ['mood'],
  },
  quorum_agent_outbox_oldest_age_seconds: {
    type: 'gauge',
    help: 'Age of the oldest commit or result that has no receipt; 0 without any',
  },
  quorum_agent_refused_messages_total: {
    type: 'counter',
    help: 'Messages that were dropped as malformed or as nothing that the coordinator signed, by kind',
    labels: ['kind'],
  },
  quorum_agent_kept_bytes: {
    type: 'gauge',
    help: 'Disk that is taken by what is kept of earlier rounds',
    labels: ['kind'],
  },
  quorum_agent_free_bytes: {
    type: 'gauge',
    help: 'Free space on the disk of a folder',
    labels: ['folder'],
  },
  quorum_agent_nats_connected: { type: 'gauge', help: '1 while NATS answers the agent, else 0' },
  quorum_agent_sample_failed: {
    type: 'gauge',
    help: '1 for what could not be looked at when the metrics were asked for last: its gauges are missing',
    labels: ['sample'],
  },
} as const;
