import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import { ATTEST_STREAM, COORDINATOR_DURABLE, ROUTES } from '#libs/contracts';
import { connectNats, JetStreamServer } from '#libs/messaging';
import { createGovernance } from '#libs/nns';
import { databaseOptions, migrate } from '#libs/persistence';
import {
  createRegistry,
  ProblemFilter,
  refuseRequest,
  requireJson,
  takeAnyText,
} from '#libs/platform';
import { verifyOnThreads } from '#libs/verifier';
import type { Config } from './config.js';
import { CoordinatorModule } from './coordinator.module.js';
import { OutboxService } from './dispatch/outbox.service.js';
import { IngestService } from './ingest/ingest.service.js';
import { readSigningKey } from './key-file.js';
import { PROBLEM_STATUSES } from './problem-statuses.js';
import { readOwnWitness } from './witness/own-witness.js';
import { readWitnessSet } from './witness/witness-set.js';
import { WitnessService } from './witness/witness.service.js';
import { checkWitnessing } from './witness/witnessing.js';

const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
/** Witness clients send text. What it changes, the log's own signature has to ask for. */
const ADD_CHECKPOINT = `/${ROUTES.witness}/add-checkpoint`;
/** Three batches: one is verified while the next is written and the last is receipted. */
const INGEST_IN_FLIGHT = 1536;

/** A coordinator that runs in this process. */
export interface RunningCoordinator {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Brings the schema up to date, connects, and serves until closed.
 *
 * @throws ConfigError when a key or the witness policy is not usable
 */
export async function startCoordinator(config: Config): Promise<RunningCoordinator> {
  verifyOnThreads();
  const signer = await readSigningKey(config);
  const witnessSet = await readWitnessSet(config, signer.publicKey);
  checkWitnessing(config, witnessSet);
  const ownWitness = await readOwnWitness(config, signer);
  const rootKey =
    config.NNS_ROOT_KEY_FILE === undefined
      ? undefined
      : new Uint8Array(await readFile(config.NNS_ROOT_KEY_FILE));
  const governance = await createGovernance({ host: config.NNS_URL, rootKey });
  await migrateOnce(config.DATABASE_URL);
  const nats = await connectNats({ url: config.NATS_URL, name: 'coordinator' });
  const registry = createRegistry('coordinator');

  const app = await NestFactory.create<NestFastifyApplication>(
    CoordinatorModule.forRoot({
      config,
      signer,
      nats,
      governance,
      registry,
      witnessSet,
      ownWitness,
    }),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, frameworkErrors: refuseRequest }),
    { bufferLogs: true },
  );
  app.useLogger(app.get(Logger));
  const server = app.getHttpAdapter().getInstance();
  requireJson(server, { except: [ADD_CHECKPOINT] });
  takeAnyText(server);
  app.useGlobalFilters(new ProblemFilter(PROBLEM_STATUSES));
  app.connectMicroservice<MicroserviceOptions>({
    strategy: new JetStreamServer({
      connection: nats,
      stream: ATTEST_STREAM.name,
      durable: COORDINATOR_DURABLE,
      inFlight: INGEST_IN_FLIGHT,
      prepare: () => app.get(OutboxService).prepare(),
      onDrop: (pattern) => {
        app.get(IngestService).countRefused(pattern);
      },
    }),
  });
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.NATS,
    // Each heartbeat is one coordinator's business.
    options: { servers: config.NATS_URL, queue: 'coordinator', maxReconnectAttempts: -1 },
  });
  // Before anything can be appended or signed: Nest starts nothing until it is told to.
  await app.get(WitnessService).inquire();
  await app.startAllMicroservices();
  await app.listen(config.PORT, config.HOST);
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      await nats.close();
    },
  };
}

async function migrateOnce(url: string): Promise<void> {
  const dataSource = await new DataSource(databaseOptions(url)).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
