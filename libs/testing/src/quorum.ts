import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { pemOf, signerFromPem, type Signer } from '#libs/attestation';
import { ensureStreams } from '#libs/messaging';
import {
  AccessTokenEntity,
  BuildLogEntity,
  entities,
  ExplanationEntity,
  LeaseEntity,
  NewsCursorEntity,
  NewsEntity,
  RoundAskEntity,
} from '#libs/persistence';
import { afterAll, beforeAll } from 'vitest';
import { useConnection } from './connection.js';
import { ADMIN_TOKEN, CoordinatorClient } from './coordinator-client.js';
import { useDataSource } from './data-source.js';
import { HandBuilder } from './hand-builder.js';
import { makeSigner } from './hand-round.js';
import { useNats } from './nats.js';

/** A coordinator that runs in this process. */
export interface StartedCoordinator {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the coordinator under test with these variables. */
export type StartCoordinator = (
  environment: Readonly<Record<string, string>>,
) => Promise<StartedCoordinator>;

/** What {@link useQuorum} sets up. */
export interface QuorumOptions {
  readonly start: StartCoordinator;
  /** How many builders each operator has, in roster order. */
  readonly operators: Readonly<Record<string, number>>;
  /** Further variables of the coordinator's configuration. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What goes on by itself: thoughts, whose turn it is, and when a token was used. */
const PASSING: ReadonlySet<unknown> = new Set([
  ...[NewsCursorEntity, NewsEntity],

  ExplanationEntity,
  BuildLogEntity,
  LeaseEntity,
  AccessTokenEntity,
]);

/** Of a round that asked for kinds of builders goes on by itself when somebody looks again. */
function lasting(row: object): object {
  if (row instanceof RoundAskEntity) row.dueAt = null;
  return row;
}

/** A coordinator on real servers of its own, and builders that are played by hand. */
export class Quorum {
  readonly builders: readonly HandBuilder[];
  private readonly running = new Set<StartedCoordinator>();

  constructor(
    private readonly options: QuorumOptions,
    readonly environment: Readonly<Record<string, string>>,
    readonly directory: string,
    readonly dataSource: DataSource,
    readonly nats: NatsConnection,
    /** The coordinator's own key. */
    readonly signer: Signer,
  ) {
    let seed = 0;
    this.builders = Object.entries(options.operators).flatMap(([operator, count]) =>
      Array.from({ length: count }, () => {
        seed += 1;
        return new HandBuilder(makeSigner(seed), operator, nats);
      }),
    );
  }

  /** Gives the one builder of an operator, or its first. */
  builder(operator: string): HandBuilder {
    const found = this.builders.find((builder) => builder.operator === operator);
    if (found === undefined) throw new Error(`${operator} has no builder`);
    return found;
  }

  /** Writes any text as the roster file. */
  async writeRoster(text: string): Promise<void> {
    await writeFile(this.environment['ROSTER_FILE'] ?? '', text);
  }

  /** Writes the roster of all builders. */
  async writeTrueRoster(): Promise<void> {
    const operators = Object.keys(this.options.operators).map((operator) => ({
      operator,
      builders: this.builders
        .filter((builder) => builder.operator === operator)
        .map(({ signer }) => ({ publicKey: pemOf(signer.publicKey) })),
    }));
    await this.writeRoster(JSON.stringify({ operators }));
  }

  /** Starts one more coordinator on the same servers, under the same name. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<StartedCoordinator> {
    const started = await this.options.start({ ...this.environment, ...environment });
    this.running.add(started);
    return started;
  }

  async stop(started: StartedCoordinator): Promise<void> {
    if (this.running.delete(started)) await started.close();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running].map((started) => this.stop(started)));
  }

  /**
   * Everything that is in the database, table by table: two equal ones mean that nothing happened.
   * What passes by itself is left out: a coordinator goes on thinking.
   */
  async contents(): Promise<readonly unknown[]> {
    return Promise.all(
      entities
        .filter((entity) => !PASSING.has(entity))
        .map(async (entity) => {
          const rows = await this.dataSource.getRepository(entity).find();
          return rows.map((row) => JSON.stringify(lasting(row))).toSorted();
        }),
    );
  }
}

/**
 * Gives a spec file a database, a nats-server, a running coordinator and builders of its own. Call it
 * at the top of the file; the function it returns gives them inside of tests.
 */
export function useQuorum(options: QuorumOptions): () => Quorum & { api: CoordinatorClient } {
  const dataSource = useDataSource();
  const natsUrl = useNats({ extraConfig: 'max_payload: 4194304' });
  const connection = useConnection(natsUrl);
  let quorum: (Quorum & { api: CoordinatorClient }) | undefined;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'repro-quorum-coordinator-'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const environment = {
      DATABASE_URL: (dataSource().options as { url: string }).url,
      NATS_URL: natsUrl(),
      PORT: '0',
      SIGNING_KEY_FILE: join(directory, 'key.pem'),
      ROSTER_FILE: join(directory, 'roster.json'),
      ADMIN_TOKEN_FILE: join(directory, 'admin.token'),
      LOG_ORIGIN: 'log.example/spec',
      // Nothing listens there: these rounds are opened on commits.
      NNS_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'silent',
      // All of a spec comes from one address.
      KEYS_PER_HOUR: '100000',
      ENROLMENTS_PER_HOUR: '100000',
      READS_PER_MINUTE: '1000000',
      CHANGES_PER_MINUTE: '1000000',
      ...options.environment,
    };
    await writeFile(environment.SIGNING_KEY_FILE, pem, { mode: 0o600 });
    await writeFile(environment.ADMIN_TOKEN_FILE, ADMIN_TOKEN, { mode: 0o600 });
    const signer = signerFromPem(pem);
    const base = new Quorum(options, environment, directory, dataSource(), connection(), signer);
    await base.writeTrueRoster();
    await ensureStreams(connection());
    await Promise.all(base.builders.map((builder) => builder.listen()));
    const { url } = await base.start();
    quorum = Object.assign(base, { api: new CoordinatorClient(url) });
  });
  afterAll(async () => {
    if (quorum === undefined) return;
    await quorum.stopAll();
    await Promise.all(quorum.builders.map((builder) => builder.stop()));
    await rm(quorum.directory, { recursive: true, force: true });
  });
  return () => {
    if (quorum === undefined) throw new Error('the coordinator runs only inside of tests');
    return quorum;
  };
}
