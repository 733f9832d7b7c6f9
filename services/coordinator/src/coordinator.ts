import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getStorageToken } from '@nestjs/throttler';
import { Logger } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import { ATTEST_STREAM, COORDINATOR_DURABLE, ROUTES } from '#libs/contracts';
import { JetStreamServer, NatsEventServer } from '#libs/messaging';
import { createGovernance } from '#libs/nns';
import {
  createRegistry,
  ProblemFilter,
  readRootKeyFile,
  requireJson,
  takeAnyText,
} from '#libs/platform';
import { verifyOnThreads } from '#libs/verifier';
import { admitTokenFile } from './access/admin-token-file.js';
import { separateActors } from './access/actor.js';
import { guardFrontDoor, serverOptions } from './access/front-door.js';
import type { HitWindows } from './access/hit-windows.js';
import { followTls, readTls } from './access/tls.js';
import { openDatabase } from './archive/open-database.js';
import type { Config } from './config.js';
import { CoordinatorModule } from './coordinator.module.js';
import { OutboxService } from './dispatch/outbox.service.js';
import { IngestService } from './ingest/ingest.service.js';
import { readSigningKey } from './key-file.js';
import { CoordinatorMeters } from './metrics/coordinator-meters.js';
import { measureRequests, nameRequests, observeReads } from './metrics/request-times.js';
import { DroppedMessages } from './nats/dropped-messages.js';
import { openNats } from './nats/nats-link.js';
import { PROBLEM_STATUSES } from './problem-statuses.js';
import { updateSchema } from './schema.js';
import { AnswerVersions } from './serving/answer-versions.js';
import { ReadLimit } from './serving/read-limit.js';
import { answerFirst } from './serving/answer-first.js';
import { AnswerServer } from './serving/answer-server.js';
import { shutDown } from './shutdown.js';
import { readOwnWitness } from './witness/own-witness.js';
import { readWitnessSet } from './witness/witness-set.js';
import { WitnessService } from './witness/witness.service.js';
import { checkWitnessing } from './witness/witnessing.js';

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
 * @throws ConfigError when a key or the witness policy is not usable, or the database does not answer
 */
export async function startCoordinator(config: Config): Promise<RunningCoordinator> {
  verifyOnThreads();
  const signer = await readSigningKey(config);
  const witnessSet = await readWitnessSet(config, signer.publicKey);
  checkWitnessing(config, witnessSet);
  const ownWitness = await readOwnWitness(config, signer);
  const tls = await readTls(config);
  const rootKey = await readRootKeyFile(config.NNS_ROOT_KEY_FILE);
  const governance = await createGovernance({ host: config.NNS_URL, rootKey });
  const unusable = await prepareDatabase(config);
  const natsLink = await openNats(config);
  const { nats } = natsLink;
  const registry = createRegistry('coordinator');

  const app = await NestFactory.create<NestFastifyApplication>(
    CoordinatorModule.forRoot({
      config,
      signer,
      natsLink,
      governance,
      registry,
      witnessSet,
      ownWitness,
    }),
    new FastifyAdapter(serverOptions(config, tls)),
    { bufferLogs: true },
  );
  app.useLogger(app.get(Logger));
  if (unusable !== null) app.get(Logger).warn(`ADMIN_TOKEN_FILE: ${unusable}`);
  const server = app.getHttpAdapter().getInstance();
  const isDirect = config.TRUSTED_PROXIES.length === 0;
  const answers = new AnswerServer({
    isDirect,
    versions: new AnswerVersions(app.get(DataSource)),
    limit: new ReadLimit(app.get<HitWindows>(getStorageToken()), config),
    observe: observeReads(app.get(CoordinatorMeters)),
  });
  answers.install(server);
  separateActors(server);
  await guardFrontDoor(app, config);
  nameRequests(server);
  measureRequests(server, app.get(CoordinatorMeters));
  requireJson(server, { except: [ADD_CHECKPOINT] });
  takeAnyText(server);
  app.useGlobalFilters(new ProblemFilter(PROBLEM_STATUSES));
  const consumer = new JetStreamServer({
    connection: nats,
    stream: ATTEST_STREAM.name,
    durable: COORDINATOR_DURABLE,
    inFlight: INGEST_IN_FLIGHT,
    prepare: () => app.get(OutboxService).prepare(),
    onDrop: (pattern) => {
      app.get(IngestService).countRefused(pattern);
    },
  });
  app.connectMicroservice<MicroserviceOptions>({ strategy: consumer });
  app.connectMicroservice<MicroserviceOptions>({
    // Each heartbeat is one coordinator's business.
    strategy: new NatsEventServer({
      connection: nats,
      queue: 'coordinator',
      onFlood: (subject) => {
        app.get(DroppedMessages).count(subject, 'flood');
      },
    }),
  });
  // Before anything can be appended or signed: Nest starts nothing until it is told to.
  await app.get(WitnessService).inquire();
  await app.startAllMicroservices();
  if (isDirect) answerFirst(app.getHttpServer(), answers);
  await app.listen(config.PORT, config.HOST);
  const unfollowTls = followTls(app.getHttpServer(), config, tls, (message) => {
    app.get(Logger).log(message);
  });
  return {
    url: await app.getUrl(),
    close: async () => {
      await unfollowTls();
      await shutDown({ app, consumer, nats });
      await natsLink.accounts?.connection.close();
    },
  };
}

/** Brings the schema up to date, and tells why the token in the configured file cannot be used. */
async function prepareDatabase(config: Config): Promise<string | null> {
  const dataSource = await openDatabase(config.DATABASE_URL);
  try {
    await updateSchema(dataSource);
    const { ADMIN_TOKEN_FILE: path } = config;
    return path === undefined ? null : await admitTokenFile(dataSource, path);
  } finally {
    await dataSource.destroy();
  }
}
