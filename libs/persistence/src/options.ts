import type { DataSourceOptions } from 'typeorm';
import { AccessTokenEntity } from './entities/access-token.entity.js';
import { ArchivedRoundEntity } from './entities/archived-round.entity.js';
import { BuildLogEntity } from './entities/build-log.entity.js';
import { ArtifactClusterEntity } from './entities/artifact-cluster.entity.js';
import { BuilderEntity } from './entities/builder.entity.js';
import { BuilderInviteEntity } from './entities/builder-invite.entity.js';
import { BuilderOrderEntity } from './entities/builder-order.entity.js';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { ConsoleActEntity } from './entities/console-act.entity.js';
import { CosignatureEntity } from './entities/cosignature.entity.js';
import { EnvelopeEntity } from './entities/envelope.entity.js';
import { ExplanationEntity } from './entities/explanation.entity.js';
import { GroupEntity } from './entities/group.entity.js';
import { LeaseEntity } from './entities/lease.entity.js';
import { LinkEntity } from './entities/link.entity.js';
import { LogEntryEntity } from './entities/log-entry.entity.js';
import { LogHomeEntity } from './entities/log-home.entity.js';
import { LogNodeEntity } from './entities/log-node.entity.js';
import { NewsEntity } from './entities/news.entity.js';
import { NewsCursorEntity } from './entities/news-cursor.entity.js';
import { NewsDeliveryEntity } from './entities/news-delivery.entity.js';
import { NewsSubscriptionEntity } from './entities/news-subscription.entity.js';
import { OutgoingEntity } from './entities/outgoing.entity.js';
import { ProposalEntity } from './entities/proposal.entity.js';
import { RoundAskEntity } from './entities/round-ask.entity.js';
import { RoundBuilderEntity } from './entities/round-builder.entity.js';
import { RoundEntity } from './entities/round.entity.js';
import { RoundStandingEntity } from './entities/round-standing.entity.js';
import { RoundSummaryEntity } from './entities/round-summary.entity.js';
import { WitnessedLogEntity } from './entities/witnessed-log.entity.js';
import { migrations } from './migrations/index.js';

export const entities = [
  ProposalEntity,
  EnvelopeEntity,
  LogEntryEntity,
  LogNodeEntity,
  LogHomeEntity,
  CheckpointEntity,
  CosignatureEntity,
  LinkEntity,
  RoundEntity,
  RoundBuilderEntity,
  RoundSummaryEntity,
  ArtifactClusterEntity,
  RoundStandingEntity,
  RoundAskEntity,
  OutgoingEntity,
  ExplanationEntity,
  BuildLogEntity,
  WitnessedLogEntity,
  BuilderEntity,
  BuilderInviteEntity,
  BuilderOrderEntity,
  GroupEntity,
  LeaseEntity,
  NewsEntity,
  NewsCursorEntity,
  NewsDeliveryEntity,
  NewsSubscriptionEntity,
  ArchivedRoundEntity,
  AccessTokenEntity,
  ConsoleActEntity,
];

/** How long one connection may keep the server and others busy; it is cut off in the middle. */
export interface DatabaseLimits {
  readonly statementMs: number;
  /** Waiting for a lock, that of the log included. */
  readonly lockMs: number;
  /** In a transaction, without a statement: whoever was to go on has died, or reads too slowly. */
  readonly idleInTransactionMs: number;
}

/**
 * The one description of the database, for the services, the tests and the migration tool alike.
 * Without limits a statement takes as long as it takes: a migration, a check of all of the log.
 */
export function databaseOptions(url: string, limits?: DatabaseLimits): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities,
    migrations,
    synchronize: false,
    installExtensions: false,
    poolSize: 8,
    // Two replicas may start together; migrate() takes a lock of its own.
    migrationsRun: false,
    applicationName: 'repro-quorum',
    ...(limits !== undefined && {
      extra: {
        statement_timeout: limits.statementMs,
        lock_timeout: limits.lockMs,
        idle_in_transaction_session_timeout: limits.idleInTransactionMs,
        // Pages are short: to compile a plan takes longer than any of them, where a cost is overrated.
        options: '-c jit=off',
      },
    }),
  };
}
