import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedError, startNats, startPostgres } from '#libs/embedded';
import { ConfigError, readConfig } from '#libs/platform';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const DEFAULT_NATS_PORT = 4222;

/** Writes a file unless it is there already: a second start finds what the first one made. */
async function createOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** An all-in-one coordinator: its own PostgreSQL and NATS, everything below one folder. */
async function up(): Promise<void> {
  const dataDir = resolve(process.env['REPRO_QUORUM_DATA_DIR'] ?? 'data');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keyFile = join(dataDir, 'coordinator-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await createOnce(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const rosterFile = join(dataDir, 'roster.json');
  await createOnce(rosterFile, `${JSON.stringify({ operators: [] }, null, 2)}\n`);

  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const port = Number(process.env['NATS_PORT'] ?? DEFAULT_NATS_PORT);
  const nats = await startNats({ dataDir: join(dataDir, 'nats'), port }).catch(
    async (error: unknown) => {
      await postgres.stop();
      throw error;
    },
  );
  const stopServers = async (): Promise<void> => {
    await nats.stop();
    await postgres.stop();
  };
  try {
    const config = readConfig(Config, {
      LOG_ORIGIN: 'localhost/repro-quorum',
      ...process.env,
      DATABASE_URL: postgres.url,
      NATS_URL: nats.url,
      SIGNING_KEY_FILE: keyFile,
      ROSTER_FILE: rosterFile,
    });
    const coordinator = await startCoordinator(config);
    const vkey = await (await fetch(new URL('/v1/log/key', coordinator.url))).text();
    process.stderr.write(
      [
        `coordinator: listening on ${coordinator.url}`,
        `  NATS for builders   ${nats.url}`,
        `  verifier key        ${vkey.trim()}`,
        `  roster              ${rosterFile}`,
        `  next                ./run cli round open PROPOSAL --coordinator ${coordinator.url}`,
        '',
      ].join('\n'),
    );
    let stopping: Promise<void> | null = null;
    const stop = (): void => {
      stopping ??= coordinator
        .close()
        .then(stopServers)
        .then(() => process.exit(0));
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  } catch (error) {
    await stopServers();
    throw error;
  }
}

try {
  await up();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof EmbeddedError)) throw error;
  process.stderr.write(`coordinator: ${error.message}\n`);
  process.exitCode = 2;
}
