import { join } from 'node:path';
import { startNats } from '#libs/embedded';
import { cli } from '../stack/cli.js';
import { copyDatabase } from '../stack/copy-database.js';
import { startCoordinator, type CoordinatorProcess } from '../stack/coordinator.js';
import type { Stack } from '../stack/stack.js';

/** A second history of a stack's log, served by somebody who has all keys of the first. */
export interface Fork {
  readonly coordinator: CoordinatorProcess;
  /** What an agent's configuration says that is shown the fork. */
  readonly agentEnv: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a second coordinator under the name and with the keys of a stack's own, which must not run:
 * it goes on from a copy of the database as that stands now, and has a NATS of its own.
 */
export async function startFork(stack: Stack): Promise<Fork> {
  const dir = join(stack.dir, 'fork');
  const databaseUrl = await copyDatabase(stack.databaseUrl, 'fork');
  // Who forks a log does not stop at saying that there is nothing newer.
  const lie = ['coordinator', 'restore', '--newest', '--database', databaseUrl];
  const said = await cli(stack, ...lie, '--vkey', stack.vkey);
  if (said.exitCode !== 0) throw new Error(`the fork cannot begin: ${said.stderr}`);
  const nats = await startNats({ dataDir: dir, durable: false });
  const coordinator = await startCoordinator(
    {
      ...{ dir: stack.dir, databaseUrl, natsUrl: nats.url, nnsUrl: stack.world.nns.url },
      rootKeyFile: join(stack.dir, 'nns-root-key.der'),
      keyFile: join(stack.dir, 'coordinator-key.pem'),
      rosterFile: join(stack.dir, 'roster.json'),
      policyFile: join(stack.dir, 'witness.policy'),
      env: { WITNESS_TIMEOUT_SECONDS: '1' },
    },
    'fork',
  );
  return {
    coordinator,
    agentEnv: { NATS_URL: nats.url, COORDINATOR_URL: coordinator.url },
    close: async () => {
      await coordinator.stop();
      await nats.stop();
    },
  };
}
