import type { DataSourceOptions } from 'typeorm';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { CosignatureEntity } from './entities/cosignature.entity.js';
import { EnvelopeEntity } from './entities/envelope.entity.js';
import { ExplanationEntity } from './entities/explanation.entity.js';
import { LinkEntity } from './entities/link.entity.js';
import { LogEntryEntity } from './entities/log-entry.entity.js';
import { LogNodeEntity } from './entities/log-node.entity.js';
import { OutgoingEntity } from './entities/outgoing.entity.js';
import { ProposalEntity } from './entities/proposal.entity.js';
import { RoundBuilderEntity } from './entities/round-builder.entity.js';
import { RoundEntity } from './entities/round.entity.js';
import { WitnessedLogEntity } from './entities/witnessed-log.entity.js';
import { migrations } from './migrations/index.js';

export const entities = [
  ProposalEntity,
  EnvelopeEntity,
  LogEntryEntity,
  LogNodeEntity,
  CheckpointEntity,
  CosignatureEntity,
  LinkEntity,
  RoundEntity,
  RoundBuilderEntity,
  OutgoingEntity,
  ExplanationEntity,
  WitnessedLogEntity,
];

/** The one description of the database, for the services, the tests and the migration tool alike. */
export function databaseOptions(url: string): DataSourceOptions {
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
  };
}
