import { COMMON_METRICS } from '#libs/platform';

/** A build takes minutes to many hours. */
const BUILD_BUCKETS = [60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];
const QUICK_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Every metric of the coordinator's own. Those of one process are counted since its start; those of
 * the database are the same at every coordinator: take their `max`, never their `sum`.
 *
 * Source: https://prometheus.io/docs/practices/naming/
 */
export const COORDINATOR_METRICS = {
  ...COMMON_METRICS,
  quorum_envelopes_total: {
    type: 'counter',
    help: 'Envelopes of builders, by kind and what became of them',
    labels: ['kind', 'outcome'],
  },
  quorum_ingest_batch_size: {
    type: 'histogram',
    help: 'Envelopes that were written in one transaction',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  },
  quorum_ingest_write_seconds: {
    type: 'histogram',
    help: 'Time that the transaction of one batch took, the wait for the lock of the log included',
    buckets: QUICK_BUCKETS,
  },
  quorum_ingest_pending_messages: {
    type: 'gauge',
    help: 'Messages of builders that JetStream holds for the coordinators, by whether one has them in hand',
    labels: ['state'],
  },
  quorum_ingest_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest message of a builder that no coordinator has done with; 0 without any',
  },
  quorum_builds_total: {
    type: 'counter',
    help: 'Results that builders showed in rounds, by outcome and the stage at which a failed one ended',
    labels: ['outcome', 'stage'],
  },
  quorum_build_duration_seconds: {
    type: 'histogram',
    help: 'Duration of builds, as their builders say',
    labels: ['outcome'],
    buckets: BUILD_BUCKETS,
  },
  quorum_verdicts_total: {
    type: 'counter',
    help: 'Verdicts that were logged, one for each artifact, by whether the proposal elects it',
    labels: ['verdict', 'elected'],
  },
  quorum_rounds: { type: 'gauge', help: 'Rounds in the database, by phase', labels: ['phase'] },
  quorum_round_overdue_seconds: {
    type: 'gauge',
    help: 'How long the move of a round is overdue that waits longest; 0 without any',
  },
  quorum_access_refusals_total: {
    type: 'counter',
    help: 'Requests without a right to what they asked, by reason',
    labels: ['reason'],
  },
  quorum_archived_rounds: { type: 'gauge', help: 'Rounds that lie in an archive' },
  quorum_explanations_due: { type: 'gauge', help: 'Rounds that split and are to be looked at now' },
  quorum_explanations_total: {
    type: 'counter',
    help: 'Explanations of artifacts that split, by what they conclude; one that is made anew counts again',
    labels: ['conclusion'],
  },
  quorum_explanation_seconds: {
    type: 'histogram',
    help: 'Time that one look at a split round took',
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300],
  },
  quorum_artifact_questions_total: {
    type: 'counter',
    help: 'Questions to builders about what they built, by kind and what was answered',
    labels: ['kind', 'outcome'],
  },
  quorum_outbox_messages: {
    type: 'gauge',
    help: 'Messages to builders that are not sent: waiting, or refused as too large',
    labels: ['state'],
  },
  quorum_outbox_oldest_age_seconds: {
    type: 'gauge',
    help: 'Age of the message to a builder that waits longest; 0 without any',
  },
  quorum_outgoing_refused_total: {
    type: 'counter',
    help: 'Messages to builders that are larger than JetStream takes, by kind',
    labels: ['kind'],
  },
  quorum_builders: {
    type: 'gauge',
    help: 'Builders in the registry, by status',
    labels: ['status'],
  },
  quorum_builder_last_seen_timestamp_seconds: {
    type: 'gauge',
    help: 'When a builder that is active, paused or draining was heard of last, Unix time; of at most 500',
    labels: ['builder'],
  },
  quorum_log_leaves: { type: 'gauge', help: 'Leaves of the log' },
  quorum_log_halted: {
    type: 'gauge',
    help: '1 while this process keeps the log still, since it is corrupt or behind what was shown; else 0',
    labels: ['reason'],
  },
  quorum_checkpoint_leaves: { type: 'gauge', help: 'Leaves under the newest checkpoint' },
  quorum_checkpoint_age_seconds: {
    type: 'gauge',
    help: 'Time since the last leaf under the newest checkpoint was logged',
  },
  quorum_checkpoint_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest leaf that no checkpoint covers; 0 without any',
  },
  quorum_witness_lag_leaves: {
    type: 'gauge',
    help: 'Leaves under the newest checkpoint that a witness has not cosigned',
    labels: ['witness'],
  },
  quorum_witness_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest leaf under a checkpoint that a witness has not cosigned; 0 without any',
    labels: ['witness'],
  },
  quorum_witness_requests_total: {
    type: 'counter',
    help: 'Times that a witness was asked for its cosignature, by what became of it',
    labels: ['witness', 'outcome'],
  },
  quorum_witness_size: {
    type: 'gauge',
    help: 'Leaves of the largest checkpoint that a witness cosigned since the start',
    labels: ['witness'],
  },
  quorum_witness_asleep: {
    type: 'gauge',
    help: '1 for a witness that gave no cosignature when it was last asked, else 0',
    labels: ['witness'],
  },
  quorum_witness_key_conflict: {
    type: 'gauge',
    help: '1 for a witness whose key in the policy is not the one that its operator enrolled, else 0',
    labels: ['witness'],
  },
  quorum_lease_held: {
    type: 'gauge',
    help: '1 for work that comes round by itself and that this process does, else 0',
    labels: ['lease'],
  },
  quorum_nats_dropped_total: {
    type: 'counter',
    help: 'Messages of builders that were dropped unread: flood, more than one may send in a second; misdirected, an answer wanted elsewhere than in an inbox',
    labels: ['subject', 'reason'],
  },
  quorum_nats_disconnected_total: {
    type: 'counter',
    help: 'Connections that NATS ended or refused, by the reason that it gives; seen with NATS_AUTHORITY_DIR alone',
    labels: ['reason'],
  },
  quorum_nats_connected: { type: 'gauge', help: '1 while NATS answers this process, else 0' },
  quorum_live_streams: { type: 'gauge', help: 'Readers of live rounds that this process tells' },
  quorum_build_logs_total: {
    type: 'counter',
    help: 'Times that builders were asked for the logs of builds, by what came of it: later ones are asked again',
    labels: ['outcome'],
  },
  quorum_build_logs_due: {
    type: 'gauge',
    help: 'Logs of builds that are to be asked for now, and were not yet',
  },
  quorum_build_logs_size_bytes: {
    type: 'gauge',
    help: 'Size of the logs of builds on the disk of the database, compressed',
  },
  quorum_news_deliveries_total: {
    type: 'counter',
    help: 'Tries to tell a subscriber something, by channel and what came of them: failed ones are repeated, dead ones given up',
    labels: ['channel', 'outcome'],
  },
  quorum_news_messages: {
    type: 'gauge',
    help: 'Messages to subscribers that did not arrive: waiting, or dead',
    labels: ['state'],
  },
  quorum_news_oldest_age_seconds: {
    type: 'gauge',
    help: 'Age of the message to a subscriber that waits longest; 0 without any',
  },
  quorum_news_subscriptions_disabled: {
    type: 'gauge',
    help: 'Subscriptions whose receivers want nothing more',
  },
  quorum_database_size_bytes: { type: 'gauge', help: 'Size of the database on its disk' },
  quorum_database_connections: {
    type: 'gauge',
    help: 'Connections of this process to the database: in use, idle; and who waits for one',
    labels: ['state'],
  },
  quorum_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time to answer a request, by route and class of status',
    labels: ['method', 'route', 'status'],
    buckets: QUICK_BUCKETS,
  },
  quorum_sample_failed: {
    type: 'gauge',
    help: '1 for what could not be looked at when the metrics were asked for last: its gauges are missing',
    labels: ['sample'],
  },
} as const;
