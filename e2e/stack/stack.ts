import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerFromPem } from '#libs/attestation';
import { startNats, startPostgres } from '#libs/embedded';
import { formatVkey, requiredWitnesses } from '#libs/tlog';
import { startWorld, type World } from '../world/world.js';
import { createBuilder, type Builder, type BuilderSpec } from './builder.js';
import { ORIGIN, startCoordinator, type CoordinatorProcess } from './coordinator.js';

/** A whole installation on this machine: the world, the servers, a coordinator, builders. */
export interface Stack {
  readonly dir: string;
  readonly world: World;
  readonly builders: readonly Builder[];
  readonly databaseUrl: string;
  /** The log's verifier key. */
  readonly vkey: string;
  /** The coordinator that was started last. */
  coordinator: CoordinatorProcess;
  /** Starts another coordinator on the same database; `env` adds to its configuration. */
  startCoordinator(
    name: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<CoordinatorProcess>;
  /** Stops NATS, lets its folder be tampered with, and starts it again on the same port. */
  restartNats(meanwhile: (dataDir: string) => Promise<void>): Promise<void>;
  /** Ends everything and removes its folder. */
  close(): Promise<void>;
}

/** Starts a stack. Agents are made, not started. */
export async function startStack(
  specs: (world: World) => readonly BuilderSpec[],
  env: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-'));
  const closers: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
    closers.length = 0;
  };
  try {
    const world = await startWorld(join(dir, 'world'));
    closers.push(() => world.close());
    const natsDir = join(dir, 'nats');
    const servers = await Promise.all([
      startPostgres({ dataDir: join(dir, 'postgres'), durable: false }),
      startNats({ dataDir: natsDir, durable: false }),
    ]);
    const [postgres] = servers;
    let [, nats] = servers;
    closers.push(
      () => postgres.stop(),
      () => nats.stop(),
    );
    const files = await writeFiles(dir, world);
    const targets = { vkey: '', coordinatorUrl: '' };
    const made = await Promise.all(
      specs(world).map((spec, at) =>
        createBuilder(join(dir, 'builders'), `builder-${at + 1}`, spec, () => ({
          ...targets,
          natsUrl: nats.url,
          gitUrl: world.gitUrl,
          cdnBases: [world.systems.url, world.network.url],
          erasFile: world.erasFile,
          rootKeyFile: files.rootKeyFile,
        })),
      ),
    );
    const builders = made.map((builder) => ({
      ...builder,
      start: async (more?: Readonly<Record<string, string>>) => {
        const agent = await builder.start(more);
        closers.push(() => agent.stop());
        return agent;
      },
    }));
    await writeFile(files.rosterFile, rosterOf(builders));
    await writeFile(files.policyFile, policyOf(builders, files.logVkey));
    const start = async (
      name: string,
      more: Readonly<Record<string, string>> = {},
    ): Promise<CoordinatorProcess> => {
      const settings = { ...files, dir, nnsUrl: world.nns.url, env: { ...env, ...more } };
      const started = await startCoordinator(
        { ...settings, databaseUrl: postgres.url, natsUrl: nats.url },
        name,
      );
      closers.push(() => started.stop());
      targets.coordinatorUrl = started.url;
      return started;
    };
    const coordinator = await start('coordinator');
    targets.vkey = (await (await fetch(`${coordinator.url}/v1/log/key`)).text()).trim();
    const stack: Stack = {
      ...{ dir, world, builders, coordinator, close },
      ...{ databaseUrl: postgres.url, vkey: targets.vkey },
      startCoordinator: async (name, more) => {
        stack.coordinator = await start(name, more);
        return stack.coordinator;
      },
      restartNats: async (meanwhile) => {
        const { port } = nats;
        await nats.stop();
        await meanwhile(natsDir);
        nats = await startNats({ dataDir: natsDir, durable: false, port });
      },
    };
    return stack;
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeFiles(dir: string, world: World) {
  const rootKeyFile = join(dir, 'nns-root-key.der');
  await writeFile(rootKeyFile, world.nns.rootKey);
  const keyFile = join(dir, 'coordinator-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(keyFile, pem, { mode: 0o600 });
  await mkdir(join(dir, 'builders'), { recursive: true });
  return {
    ...{ rootKeyFile, keyFile },
    rosterFile: join(dir, 'roster.json'),
    policyFile: join(dir, 'witness.policy'),
    logVkey: formatVkey(ORIGIN, signerFromPem(pem).publicKey),
  };
}

/** All builders witness the log, and as few of them may be missing as the rule allows. */
function policyOf(builders: readonly Builder[], logVkey: string): string {
  const ids = builders.map(({ id }) => id);
  return [
    `log ${logVkey}`,
    ...builders.map(({ id, witnessVkey }) => `witness ${id} ${witnessVkey}`),
    `group builders ${requiredWitnesses(ids.length)} ${ids.join(' ')}`,
    'quorum builders',
    '',
  ].join('\n');
}

function rosterOf(builders: readonly Builder[]): string {
  const operators = new Map<string, { builder: string; publicKey: string }[]>();
  for (const { operator, id, publicKey } of builders) {
    operators.set(operator, [...(operators.get(operator) ?? []), { builder: id, publicKey }]);
  }
  return JSON.stringify({
    operators: [...operators].map(([operator, own]) => ({ operator, builders: own })),
  });
}
