import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { pemOf, signerFromPem } from '#libs/attestation';
import { startNats, startPostgres } from '#libs/embedded';
import { ensureStreams } from '#libs/messaging';
import { CoordinatorClient, HandBuilder, makeSigner } from '#libs/testing';
import { ed25519Verifier, formatVkey } from '#libs/tlog';
import { PlayedWitness } from '../../services/coordinator/src/witness/played-witness.fixture.js';
import { ORIGIN, startCoordinator, type CoordinatorProcess } from '../stack/coordinator.js';
import { startNns } from '../world/nns/index.js';

/** The built coordinator on real servers, with builders that are played by hand. */
export interface HandStack {
  readonly dir: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly nns: Awaited<ReturnType<typeof startNns>>;
  /** DER file with the root key of the stand-in for the network. */
  readonly rootKeyFile: string;
  readonly builders: readonly HandBuilder[];
  /** The log's verifier key. */
  readonly vkey: string;
  /** The coordinator that was started last. */
  coordinator: CoordinatorProcess;
  /** Starts the coordinator again, on the database that is named or on the first one. */
  start(databaseUrl?: string, env?: Readonly<Record<string, string>>): Promise<CoordinatorProcess>;
  close(): Promise<void>;
}

/** How a stack is to be. */
export interface HandStackOptions {
  /** Whose each builder is; two builders of one operator each by default. */
  readonly operators?: readonly string[];
  /** Whether a witness outside has to vouch for what is shown. */
  readonly isWitnessed?: boolean;
}

/** Starts a stack whose rounds ask two operators to agree unless a request says otherwise. */
export async function startHandStack({
  operators = ['operator-1', 'operator-2'],
  isWitnessed = false,
}: HandStackOptions = {}): Promise<HandStack> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-hand-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
    closers.length = 0;
  };
  try {
    const nns = await startNns();
    closers.push(() => nns.close());
    const postgres = await startPostgres({ dataDir: join(dir, 'postgres'), durable: false });
    closers.push(() => postgres.stop());
    const server = await startNats({ dataDir: join(dir, 'nats'), durable: false });
    closers.push(() => server.stop());
    const nats = await connect({ servers: server.url });
    closers.push(() => nats.close());
    await ensureStreams(nats);
    const builders = operators.map((operator, at) => {
      return new HandBuilder(makeSigner(at + 1), operator, nats);
    });
    const { coordinatorKey, ...files } = await writeFiles(dir, nns.rootKey, builders);
    const policyFile = isWitnessed ? join(dir, 'witness.policy') : null;
    if (policyFile !== null) {
      const witness = new PlayedWitness('outside', 101, 'witness.example/outside');
      const known = new Map([[ORIGIN, [ed25519Verifier(ORIGIN, coordinatorKey)]]]);
      const line = witness.line(await witness.serve(() => known));
      closers.push(() => witness.stop());
      const lines = [`log ${formatVkey(ORIGIN, coordinatorKey)}`, line, 'quorum outside', ''];
      await writeFile(policyFile, lines.join('\n'));
    }
    const start: HandStack['start'] = async (databaseUrl = postgres.url, env = {}) => {
      const started = await startCoordinator({
        ...{ ...files, dir, databaseUrl, natsUrl: server.url, nnsUrl: nns.url },
        ...(policyFile !== null && { policyFile }),
        env: { DEFAULT_THRESHOLD: '2', ...env },
      });
      closers.push(() => started.stop());
      return started;
    };
    const coordinator = await start();
    await Promise.all(builders.map((builder) => builder.listen()));
    closers.push(() => Promise.all(builders.map((builder) => builder.stop())));
    const key = await new CoordinatorClient(coordinator.url).get('/v1/log/key');
    const stack: HandStack = {
      ...{
        dir,
        databaseUrl: postgres.url,
        natsUrl: server.url,
        nns,
        rootKeyFile: files.rootKeyFile,
      },
      ...{ builders, vkey: (await key.text()).trim(), coordinator, close },
      start: async (...on) => {
        stack.coordinator = await start(...on);
        return stack.coordinator;
      },
    };
    return stack;
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeFiles(
  dir: string,
  rootKey: Uint8Array,
  builders: readonly HandBuilder[],
): Promise<{
  rootKeyFile: string;
  keyFile: string;
  rosterFile: string;
  coordinatorKey: Uint8Array;
}> {
  const files = {
    rootKeyFile: join(dir, 'root.der'),
    keyFile: join(dir, 'key.pem'),
    rosterFile: join(dir, 'roster.json'),
  };
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(files.keyFile, pem, { mode: 0o600 });
  await writeFile(files.rootKeyFile, rootKey);
  const operators = [...Map.groupBy(builders, ({ operator }) => operator)].map(
    ([operator, own]) => ({
      operator,
      builders: own.map(({ signer }) => ({ publicKey: pemOf(signer.publicKey) })),
    }),
  );
  await writeFile(files.rosterFile, JSON.stringify({ operators }));
  return { ...files, coordinatorKey: signerFromPem(pem).publicKey };
}
