import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedError, startPostgres, type EmbeddedNats } from '#libs/embedded';
import { NatsAuthorityError } from '#libs/nats-authority';
import { ConfigError, isMachineRefusal, readConfig } from '#libs/platform';
import { makeTokenText } from './access/token-text.js';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';
import { startNatsWithAccounts } from './nats/embedded-nats.js';

const DEFAULT_NATS_PORT = 4222;

/** Writes a file unless it is there already: a second start finds what the first one made. */
async function createOnce(path: string, text: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    // Half of it would be what a second start finds.
    await rm(path, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot write ${path}: ${reason}`, { cause });
  } finally {
    await file.close();
  }
}

/** Resolves, with what is to be said of it, once a server has ended. */
async function endOf(
  name: string,
  { exited }: Pick<EmbeddedNats, 'exited'>,
  logFile: string,
): Promise<string> {
  const { exitCode, signal } = await exited;
  return `${name} has ended (${signal ?? `exit code ${exitCode}`}), and its log is ${logFile}`;
}

/** An all-in-one coordinator: its own PostgreSQL and NATS, everything below one folder. */
async function up(): Promise<void> {
  const dataDir = resolve(process.env['REPRO_QUORUM_DATA_DIR'] ?? 'data');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keyFile = join(dataDir, 'coordinator-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await createOnce(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const tokenFile = join(dataDir, 'admin.token');
  await createOnce(tokenFile, `${makeTokenText()}\n`);
  const rosterFile = join(dataDir, 'roster.json');
  await createOnce(rosterFile, `${JSON.stringify({ operators: [] }, null, 2)}\n`);

  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const port = Number(process.env['NATS_PORT'] ?? DEFAULT_NATS_PORT);
  const authorityDir = join(dataDir, 'nats-authority');
  const nats = await startNatsWithAccounts({
    dataDir: join(dataDir, 'nats'),
    authorityDir,
    port,
  }).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
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
      NATS_AUTHORITY_DIR: authorityDir,
      ...(nats.websocketUrl !== null && { NATS_WEBSOCKET_URL: nats.websocketUrl }),
      SIGNING_KEY_FILE: keyFile,
      ADMIN_TOKEN_FILE: tokenFile,
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
        `  access token        ${tokenFile}`,
        `  next                ./run cli round open PROPOSAL --coordinator ${coordinator.url}`,
        '',
      ].join('\n'),
    );
    let stopping: Promise<void> | null = null;
    const stop = (exitCode: number, said = ''): void => {
      if (stopping !== null) return;
      process.stderr.write(said);
      stopping = coordinator
        .close()
        .then(stopServers)
        .then(() => process.exit(exitCode));
    };
    process.on('SIGINT', () => {
      stop(0);
    });
    process.on('SIGTERM', () => {
      stop(0);
    });
    const ended = await Promise.race([
      endOf('PostgreSQL', postgres, join(dataDir, 'postgres', 'postgres.log')),
      endOf('nats-server', nats, join(dataDir, 'nats', 'nats.log')),
    ]);
    // Without it nothing can be done, and nobody but this process starts it.
    stop(2, `coordinator: ${ended}: run this command again\n`);
  } catch (error) {
    await stopServers();
    throw error;
  }
}

try {
  await up();
} catch (error) {
  const isTold =
    error instanceof ConfigError ||
    error instanceof EmbeddedError ||
    error instanceof NatsAuthorityError ||
    isMachineRefusal(error);
  if (!isTold) throw error;
  process.stderr.write(`coordinator: ${error.message}\n`);
  process.exitCode = 2;
}
