import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { programDirectories, serverEnvironment } from './environment.js';
import { EmbeddedError, isMissing } from './error.js';
import { startGuarded } from './guarded-process.js';
import type { GuardedProcess, ServerExit, StopStep } from './guarded-process.js';
import { lockDirectory } from './lock.js';
import type { DirectoryLock } from './lock.js';
import { canSyncAlways, parseNatsVersion, renderNatsConfig, type NatsTls } from './nats-config.js';
import { greets } from './nats-greeting.js';
import { pollUntil } from './poll.js';
import { findProgram } from './program.js';
import { logTail } from './server-log.js';

/** How to run nats-server. */
export interface NatsOptions {
  /** Configuration, log and JetStream store, kept between starts. */
  readonly dataDir: string;
  /** TCP port for clients. Default, and with 0: a free one, another at each start. */
  readonly port?: number;
  /** Address that clients come to. Default: 127.0.0.1; any that strangers reach needs `tls`. */
  readonly host?: string;
  /**
   * Takes WebSockets, too, on 127.0.0.1 and without TLS, for a proxy that has it: on this port, or with
   * null on a free one. Default: none are taken.
   */
  readonly websocketPort?: number | null;
  /** Speaks TLS with clients, but for WebSockets. */
  readonly tls?: NatsTls;
  /** Further lines of configuration, such as `authorization { … }`, taken as they are. */
  readonly extraConfig?: string;
  /**
   * Whether an acknowledged message survives a crash of the machine, where the server can do that:
   * see {@link EmbeddedNats.writesThrough}. Default true.
   */
  readonly durable?: boolean;
  /** Where nats-server is looked for. Default: PATH, the system's directories, `.tools/bin`. */
  readonly programDirectories?: readonly string[];
}

/** A running nats-server with JetStream. */
export interface EmbeddedNats {
  /** `nats://HOST:PORT`, or `tls://` with TLS; without credentials. */
  readonly url: string;
  readonly port: number;
  /** `ws://127.0.0.1:PORT`; null where no WebSockets are taken. */
  readonly websocketUrl: string | null;
  /** `http://127.0.0.1:PORT` of the server's monitoring pages. */
  readonly monitorUrl: string;
  /** Version of the server, such as `2.9.10`. */
  readonly version: string;
  /** Whether each message is on disk before it is acknowledged. Versions before 2.10 cannot. */
  readonly writesThrough: boolean;
  /** Resolves when the server has ended, asked or not. */
  readonly exited: Promise<ServerExit>;
  /** Ends the server in order. May be called again. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', graceMs: 10_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/**
 * Starts a nats-server with JetStream for this process and returns once it takes clients. It listens
 * on 127.0.0.1 alone unless told otherwise, and ends with this process, however that ends.
 *
 * @throws EmbeddedError NOT_INSTALLED, ALREADY_RUNNING, START_FAILED
 */
export async function startNats(options: NatsOptions): Promise<EmbeddedNats> {
  const dataDir = resolve(options.dataDir);
  const { host = '127.0.0.1' } = options;
  if (options.tls === undefined && !isLocal(host)) {
    throw new EmbeddedError(
      'START_FAILED',
      `nats-server would speak in clear on ${JSON.stringify(host)}: name TLS files, or listen on 127.0.0.1`,
    );
  }
  const program = await findNatsServer(options.programDirectories ?? programDirectories());
  const version = await versionOf(program);
  const writesThrough = (options.durable ?? true) && canSyncAlways(version);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Two servers on one store would destroy it, and nats-server keeps no lock of its own.
  const lock = await lockDirectory(dataDir);
  try {
    const { server, ports } = await launch(
      program,
      dataDir,
      { ...options, syncAlways: writesThrough },
      lock,
    );
    return {
      url: `${options.tls === undefined ? 'nats' : 'tls'}://${reachable(host)}:${ports.client}`,
      port: ports.client,
      websocketUrl: ports.websocket === null ? null : `ws://127.0.0.1:${ports.websocket}`,
      monitorUrl: `http://127.0.0.1:${ports.monitor}`,
      version,
      writesThrough,
      exited: server.exited,
      stop: () => server.stop(STOP),
    };
  } finally {
    await lock.close();
  }
}

async function launch(
  program: string,
  dataDir: string,
  options: NatsOptions & { readonly syncAlways: boolean },
  lock: DirectoryLock,
): Promise<{ server: GuardedProcess; ports: Ports }> {
  const portsDir = join(dataDir, 'ports');
  // Files of earlier starts tell ports that are no longer ours.
  await rm(portsDir, { recursive: true, force: true });
  await mkdir(portsDir, { mode: 0o700 });
  const configFile = join(dataDir, 'nats.conf');
  const config = renderNatsConfig({
    storeDir: join(dataDir, 'store'),
    portsDir,
    host: options.host ?? '127.0.0.1',
    port: options.port,
    websocketPort: options.websocketPort,
    tls: options.tls,
    syncAlways: options.syncAlways,
    extra: options.extraConfig ?? '',
  });
  // The further lines may hold credentials.
  await writeFile(configFile, config, { mode: 0o600 });
  const logFile = join(dataDir, 'nats.log');
  await rm(logFile, { force: true });
  const server = await startGuarded({
    program,
    args: ['--config', configFile],
    identity: undefined,
    deathSignal: 'TERM',
    logFile,
    descriptors: [lock.descriptor],
  });
  const ports = await becomesReady(server, portsDir, options);
  if (ports !== undefined) return { server, ports };
  await server.stop(STOP);
  const said = await logTail(logFile, 0);
  throw new EmbeddedError('START_FAILED', `nats-server did not start: ${said}`);
}

async function findNatsServer(directories: readonly string[]): Promise<string> {
  const found = await findProgram('nats-server', directories);
  if (found !== undefined) return found;
  throw new EmbeddedError(
    'NOT_INSTALLED',
    'nats-server is not installed: run "./run setup", or "apt-get install nats-server"',
  );
}

async function versionOf(program: string): Promise<string> {
  const options = { extendEnv: false, env: serverEnvironment(), reject: false } as const;
  const { stdout } = await execa(program, ['--version'], options);
  const version = parseNatsVersion(stdout);
  if (version !== undefined) return version;
  throw new EmbeddedError(
    'START_FAILED',
    `${JSON.stringify(program)} does not tell its version: expected nats-server 2.9.10 or newer`,
  );
}

interface Ports {
  readonly client: number;
  readonly monitor: number;
  readonly websocket: number | null;
}

/** Where a client of this machine comes to a server that listens there. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function isLocal(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(host);
}

async function becomesReady(
  server: GuardedProcess,
  portsDir: string,
  { host = '127.0.0.1', websocketPort }: NatsOptions,
): Promise<Ports | undefined> {
  let ports: Ports | undefined;
  const isReady = await pollUntil(READY_TIMEOUT_MS, async () => {
    if (server.hasEnded()) return true;
    ports ??= await readPorts(portsDir, server.pid, websocketPort !== undefined);
    return ports !== undefined && (await greets(ports.client, reachable(host)));
  });
  return isReady && !server.hasEnded() ? ports : undefined;
}

/** Reads the file that the server writes when it listens; undefined until it is whole. */
async function readPorts(
  portsDir: string,
  pid: number,
  withWebsocket: boolean,
): Promise<Ports | undefined> {
  const names = await readdir(portsDir);
  const name = names.find((entry) => entry.endsWith(`_${pid}.ports`));
  if (name === undefined) return undefined;
  try {
    const told = JSON.parse(await readFile(join(portsDir, name), 'utf8')) as Record<
      'nats' | 'monitoring' | 'websocket',
      string[] | undefined
    >;
    const [client, monitor, websocket] = [told.nats, told.monitoring, told.websocket].map(
      (urls) => urls?.[0],
    );
    if (client === undefined || monitor === undefined) return undefined;
    if (withWebsocket && websocket === undefined) return undefined;
    return {
      client: portOf(client),
      monitor: portOf(monitor),
      websocket: websocket === undefined ? null : portOf(websocket),
    };
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

/** Unlike `URL`, which has no port for one that is usual for its scheme. */
function portOf(url: string): number {
  return Number(url.slice(url.lastIndexOf(':') + 1));
}
