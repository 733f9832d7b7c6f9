import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { signerFromPem, type Signer } from '#libs/attestation';
import { startNats } from '#libs/embedded';
import { connectNats } from '#libs/messaging';
import { playCoordinator } from '../../services/builder-agent/src/round.fixture.js';
import { startChild, type Child } from '../stack/child.js';
import { entry } from '../stack/entry.js';
import { writeErasFile } from '../world/eras-file.js';
import { startGitHost, type GitHost } from '../world/git-host.js';
import { openDesk, type Desk } from './desk.js';
import { createRepository, type Repository } from './repository.js';

/** A builder's agent on a machine of its own; everything that it talks to is played by the spec. */
export interface Bench extends Desk, Repository {
  readonly dir: string;
  /** Home of the builds: where a build script can leave notes for the spec. */
  readonly home: string;
  readonly builder: Signer;
  readonly git: GitHost;
  readonly natsUrl: string;
  /** Signed in as the coordinator would be. */
  readonly connection: NatsConnection;
  /** Starts the agent as an operator would, and waits until it is ready. */
  start(env?: Readonly<Record<string, string>>): Promise<Child>;
  /** Runs it, with its settings changed or with none at all, until it gives up. */
  run(
    change: Readonly<Record<string, string | undefined>>,
    from?: 'settings' | 'nothing',
  ): Promise<{ exitCode: number | undefined; stderr: string; stdout: string }>;
}

/**
 * Sets a bench up for one test; it is cleared away when the test ends. The agent is what node runs by
 * `program`.
 */
export async function openBench(
  program: readonly string[] = [entry('builder-agent')],
): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'agent-bench-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const home = join(dir, 'home');
  await mkdir(home);
  const nats = await startNats({ dataDir: join(dir, 'nats'), durable: false });
  onTestFinished(() => nats.stop());
  const connection = await connectNats({ url: nats.url, name: 'bench' });
  onTestFinished(() => connection.close());
  const repository = await createRepository(join(dir, 'ic.git'));
  const git = await startGitHost({ 'dfinity/ic': join(dir, 'ic.git') });
  onTestFinished(() => git.close());

  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keyFile = join(dir, 'key.pem');
  await writeFile(keyFile, pem, { mode: 0o600 });
  const builder = signerFromPem(pem);
  const coordinator = playCoordinator();
  const desk = await openDesk(connection, coordinator, builder);
  const erasFile = join(dir, 'eras.json');
  await writeErasFile(erasFile);
  const env = {
    PATH: process.env['PATH'] ?? '',
    NATS_URL: nats.url,
    COORDINATOR_VKEY: coordinator.vkey,
    KEY_FILE: keyFile,
    STATE_DIR: join(dir, 'state'),
    CACHE_DIR: join(dir, 'cache'),
    BUILD_DIR: join(dir, 'build'),
    BUILD_TMPDIR: join(dir, 'tmp'),
    BUILD_HOME: home,
    ERAS_FILE: erasFile,
    GIT_URL: git.urlOf('dfinity/ic'),
    CDN_BASES: '',
    PUBLICATION_CONSENT: 'yes',
  };
  return {
    ...{ ...desk, ...repository, dir, home, builder, git },
    ...{ natsUrl: nats.url, connection },
    start: async (more = {}) => {
      const agent = startChild(process.execPath, program, {
        env: { ...env, ...more },
        logPath: join(dir, 'agent.log'),
      });
      onTestFinished(() => agent.stop());
      await agent.line(/is ready/);
      return agent;
    },
    run: async (change, from = 'settings') => {
      const { PATH } = env;
      const options = {
        env: { ...(from === 'settings' ? env : { PATH }), ...change },
        ...{ extendEnv: false, reject: false, timeout: 30_000 },
      } as const;
      const { exitCode, stderr, stdout } = await execa(process.execPath, program, options);
      return { exitCode, stderr, stdout };
    },
  };
}
