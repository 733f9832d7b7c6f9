import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { signerFromPem, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { startNats, startPostgres } from '#libs/embedded';
import { databaseOptions } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { connectNats } from '#libs/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { Config } from '../../../services/coordinator/src/config.js';
import {
  startCoordinator,
  type RunningCoordinator,
} from '../../../services/coordinator/src/coordinator.js';

export const ORIGIN = 'bench.invalid/log';

/** A coordinator on real servers that keep what they say they keep. */
export interface LogStand {
  readonly nats: NatsConnection;
  readonly dataSource: DataSource;
  /** The coordinator's own. */
  readonly signer: Signer;
  /** Runs a coordinator for as long as `during` takes, in this process. */
  withCoordinator<T>(during: (coordinator: RunningCoordinator) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Starts servers, and writes the roster of an operator for each builder. */
export async function openLogStand(dir: string, builders: readonly Signer[]): Promise<LogStand> {
  const keyFile = join(dir, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(keyFile, pem, { mode: 0o600 });
  const rosterFile = join(dir, 'roster.json');
  const operators = builders.map(({ id, publicKey }, at) => ({
    operator: `operator-${at}`,
    builders: [{ builder: id, publicKey: toBase64(publicKey) }],
  }));
  await writeFile(rosterFile, JSON.stringify({ operators }));
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres') });
  const natsServer = await startNats({ dataDir: join(dir, 'nats') });
  const nats = await connectNats({ url: natsServer.url, name: 'bench' });
  const dataSource = new DataSource(databaseOptions(postgres.url));
  const config = readConfig(Config, {
    DATABASE_URL: postgres.url,
    NATS_URL: natsServer.url,
    PORT: '0',
    SIGNING_KEY_FILE: keyFile,
    ROSTER_FILE: rosterFile,
    LOG_ORIGIN: ORIGIN,
    // Nothing listens there: these rounds are opened on commits.
    NNS_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'silent',
  });
  await dataSource.initialize();
  return {
    nats,
    dataSource,
    signer: signerFromPem(pem),
    withCoordinator: async (during) => {
      const coordinator = await startCoordinator(config);
      try {
        return await during(coordinator);
      } finally {
        await coordinator.close();
      }
    },
    close: async () => {
      await dataSource.destroy();
      await nats.close();
      await natsServer.stop();
      await postgres.stop();
    },
  };
}
