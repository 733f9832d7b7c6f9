import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { signerFromPem, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { startNats, startPostgres } from '#libs/embedded';
import { connectNats } from '#libs/messaging';
import { databaseOptions } from '#libs/persistence';
import { startChild, type Child } from '../../stack/child.js';
import { entry } from '../../stack/entry.js';
import { writeToken } from '../../stack/token.js';

export const ORIGIN = 'bench.invalid/log';

/** A coordinator, as operators run it, on real servers that keep what they say they keep. */
export interface LogStand {
  readonly nats: NatsConnection;
  readonly dataSource: DataSource;
  /** The coordinator's own. */
  readonly signer: Signer;
  /** Where it answers. */
  readonly url: string;
  /** Has the coordinator stand still for as long as `during` takes. */
  whilePaused(during: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Starts servers and a coordinator that knows each builder as an operator's only one. */
export async function openLogStand(
  dir: string,
  builders: readonly Signer[],
  environment: Readonly<Record<string, string>> = {},
): Promise<LogStand> {
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
  await dataSource.initialize();
  const coordinator = startChild(process.execPath, [entry('coordinator')], {
    logPath: join(dir, 'coordinator.log'),
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      NATS_URL: natsServer.url,
      PORT: '0',
      SIGNING_KEY_FILE: keyFile,
      ROSTER_FILE: rosterFile,
      ADMIN_TOKEN_FILE: await writeToken(dir),
      LOG_ORIGIN: ORIGIN,
      // Nothing listens there: these rounds are opened on commits.
      NNS_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'silent',
      ...environment,
    },
  });
  const [, url = ''] = await coordinator.line(/listening on (http:\/\/\S+)/);
  return {
    ...{ nats, dataSource, url },
    signer: signerFromPem(pem),
    whilePaused: (during) => whilePaused(coordinator, during),
    close: async () => {
      await coordinator.stop();
      await dataSource.destroy();
      await nats.close();
      await natsServer.stop();
      await postgres.stop();
    },
  };
}

async function whilePaused({ pid }: Child, during: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await during();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
