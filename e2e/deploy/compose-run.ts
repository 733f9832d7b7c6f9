import { generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { pemOf } from '#libs/attestation';
import { ADMIN_TOKEN, makeSigner } from '#libs/testing';
import { projectRoot } from '../world/project-root.js';
import { startChild, type Child } from '../stack/child.js';
import { initialize } from './compose-database.js';
import { readCompose, type ComposeService } from './compose.js';

/** What the compose file starts, run here: other addresses and folders, the same programs and settings. */
export interface ComposeRun {
  /** Starts the NATS server of a service. */
  startNats(name: string): Child;
  /** Runs the migrations to their end. */
  migrate(): Promise<void>;
  startCoordinator(): Promise<Child & { readonly url: string }>;
  /** What the services call `nats-1:4222`. */
  addressOf(service: string, port: number): string;
  /** By which a service signs in to the database. */
  databaseUrlOf(service: string): string;
  readonly authorityDir: string;
}

const NATS = ['nats-1', 'nats-2', 'nats-3'];
const NATS_PORTS = [4222, 6222, 8222, 8080];
const INSTALLED = '/usr/lib/repro-quorum/';

/**
 * Makes ready what has to be there first: keys, roster, configurations of three NATS servers, and the
 * database of the compose file on a server that has none.
 *
 * @param databaseUrl of one who may make others
 */
export async function prepareRun(dir: string, databaseUrl: string): Promise<ComposeRun> {
  const { services } = readCompose({
    ...{ LOG_ORIGIN: 'compose.invalid/log', PUBLIC_HOST: 'compose.invalid' },
    ...{ POSTGRES_PASSWORD: 'owner', SERVICE_PASSWORD: 'service', GRAFANA_PASSWORD: 'p' },
  });
  const addresses = new Map([
    ...(await chooseAddresses()),
    ['postgres:5432', await initialize(databaseUrl, services['postgres']!)],
  ]);
  const addressOf = (service: string, port: number): string => addresses.get(`${service}:${port}`)!;
  const authorityDir = join(dir, 'secrets/authority');
  const localized = (name: string, value: string): string =>
    value
      .replaceAll(/\b((?:nats-\d|postgres):\d+)/g, (host) => addresses.get(host) ?? host)
      .replace(/^0\.0\.0\.0:(\d+)$/, (_, port) => addressOf(name, Number(port)))
      .replace('/run/secrets/repro-quorum', join(dir, 'secrets'))
      .replace('/etc/repro-quorum', dir)
      .replace(/^\/data\b/, join(dir, name));
  const environmentOf = (name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(services[name]!.environment).map(([key, value]) => [
        key,
        localized(name, value),
      ]),
    );
  await writeSecrets(dir);
  for (const name of NATS) {
    await mkdir(join(dir, name, 'authority'), { recursive: true });
    await copyConfigs(join(dir, name));
    const command = mapCommand(services['authority']!, [
      ...[authorityDir, join(dir, name, 'accounts')],
      join(dir, name, 'authority/authority.conf'),
    ]);
    await execa(process.execPath, command);
  }
  return {
    addressOf,
    authorityDir,
    startNats: (name) =>
      startChild('nats-server', ['--config', join(dir, name, 'nats.conf')], {
        env: { PATH: process.env['PATH'], ...environmentOf(name) },
        logPath: join(dir, `${name}.log`),
      }),
    migrate: async () => {
      const env = { PATH: process.env['PATH'] ?? '', ...environmentOf('migrations') };
      const command = mapCommand(services['migrations']!, []);
      await execa(process.execPath, command, { env, extendEnv: false });
    },
    databaseUrlOf: (name) => environmentOf(name)['DATABASE_URL'] ?? '',
    startCoordinator: async () => {
      const child = startChild(process.execPath, mapCommand(services['coordinator']!, []), {
        env: {
          ...environmentOf('coordinator'),
          ...{ HOST: '127.0.0.1', ADMIN_TOKEN_FILE: join(dir, 'secrets/admin.token') },
          PORT: '0',
        },
        logPath: join(dir, 'coordinator.log'),
      });
      const [, url = ''] = await child.line(/listening on (http:\/\/\S+)/);
      return Object.defineProperty(child, 'url', { value: url }) as Child & {
        readonly url: string;
      };
    },
  };
}

/** The command of a service as it is run here: `node PROGRAM ARGUMENTS`, without the `node`. */
function mapCommand({ command }: ComposeService, args: readonly string[]): readonly string[] {
  const [program, path = ''] = command;
  if (program !== 'node' || !path.startsWith(INSTALLED)) throw new Error(`unexpected: ${path}`);
  return [join(projectRoot(), path.slice(INSTALLED.length)), ...args];
}

/** The shipped files, but for the line that servers before 2.10 do not start with. */
async function copyConfigs(target: string): Promise<void> {
  const source = join(projectRoot(), 'deploy/nats');
  for (const name of await readdir(source)) await copyFile(join(source, name), join(target, name));
  const { stdout } = await execa('nats-server', ['--version']);
  const [, major = 0, minor = 0] = (/v(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major > 2 || (major === 2 && minor >= 10)) return;
  await writeFile(join(target, 'jetstream-durable.conf'), '# not known to this server\n');
}

async function writeSecrets(dir: string): Promise<void> {
  await mkdir(join(dir, 'secrets'), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(join(dir, 'secrets/coordinator-key.pem'), pem, { mode: 0o600 });
  await writeFile(join(dir, 'secrets/admin.token'), `${ADMIN_TOKEN}\n`, { mode: 0o600 });
  const operators = [1, 2].map((at) => ({
    operator: `operator-${at}`,
    builders: [{ publicKey: pemOf(makeSigner(at).publicKey) }],
  }));
  await writeFile(join(dir, 'roster.json'), JSON.stringify({ operators }));
}

/** Free ports on this machine, for each port of each NATS server. All are open at once: no two are one. */
async function chooseAddresses(): Promise<ReadonlyMap<string, string>> {
  const names = NATS.flatMap((name) => NATS_PORTS.map((port) => `${name}:${port}`));
  const servers = await Promise.all(
    names.map(async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const addresses = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return new Map(names.map((name, at) => [name, addresses[at]!]));
}
