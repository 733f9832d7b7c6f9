import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { cli } from '../stack/cli.js';
import { startChild } from '../stack/child.js';
import type { CoordinatorProcess } from '../stack/coordinator.js';
import { projectRoot } from './project-root.js';
import type { ShownProposal } from './showcase.js';
import type { Signposts } from './signposts.js';

const DIST = join(projectRoot(), 'dist');

/** The programs that a person starts by hand, one beside the other: `./run world`, `./run up`. */
export interface ByHand {
  readonly dir: string;
  /** What `./run up` keeps its data in. */
  readonly dataDir: string;
  readonly signposts: Signposts;
  /** The world's number of a proposal. */
  proposal(name: ShownProposal['name']): string;
  /** Starts an all-in-one coordinator, always on the same folder. */
  up(): Promise<CoordinatorProcess>;
  /** Ends the world as Ctrl-C does, and gives its exit code. */
  interruptWorld(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Starts the world's program and waits for what it prints. */
export async function startByHand(): Promise<ByHand> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-by-hand-'));
  const dataDir = join(dir, 'data');
  const natsPort = await freePort();
  const world = execa(process.execPath, [join(DIST, 'e2e/world/main.js'), '--json'], {
    reject: false,
  });
  const close = async (): Promise<void> => {
    world.kill('SIGTERM');
    await world;
    await rm(dir, { recursive: true, force: true });
  };
  const ended = world.then(({ stderr }): never => {
    throw new Error(`the world ended before it told where it is: ${stderr}`);
  });
  const lines = createInterface({ input: world.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => undefined);
  const signposts = JSON.parse(line) as Signposts;
  return {
    ...{ dir, dataDir, signposts, close },
    proposal: (wanted) => signposts.proposals.find(({ name }) => name === wanted)?.id ?? '',
    up: async () => {
      const program = join(DIST, 'services/coordinator/src/up.main.js');
      const child = startChild(process.execPath, [program], {
        logPath: join(dir, 'up.log'),
        env: {
          PATH: process.env['PATH'],
          ...signposts.environment,
          REPRO_QUORUM_DATA_DIR: dataDir,
          NATS_PORT: natsPort,
          PORT: '0',
        },
      });
      const [, url = ''] = await child.line(/listening on (http:\/\/\S+)/);
      // The getter of `isRunning` has to stay a getter.
      return Object.defineProperty(child, 'url', { value: url }) as CoordinatorProcess;
    },
    interruptWorld: async () => {
      world.kill('SIGINT');
      return (await world).exitCode;
    },
  };
}

/** Makes a key for each operator, and the roster file that `up` reads; gives the key files. */
export async function writeRoster(
  { dir, dataDir }: ByHand,
  coordinator: CoordinatorProcess,
  operators: readonly string[],
): Promise<readonly string[]> {
  const keys = operators.map((operator) => join(dir, `${operator}.pem`));
  const builders = await Promise.all(
    keys.map(async (key) => {
      const { stdout } = await cli({ coordinator }, 'builder', 'init', '--key', key, '--json');
      return JSON.parse(stdout) as object;
    }),
  );
  const entries = operators.map((operator, at) => ({ operator, builders: [builders[at]] }));
  await writeFile(join(dataDir, 'roster.json'), JSON.stringify({ operators: entries }));
  return keys;
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `${port}`;
}
