import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import { signerFromPem } from '#libs/attestation';
import { Report, RoundAttestations } from '#libs/contracts';
import { toBase64, type CommitId } from '#libs/encoding';
import { startChild, type Child } from '../stack/child.js';
import { entry } from '../stack/entry.js';
import { projectRoot } from '../world/project-root.js';
import { startWorld, type World } from '../world/world.js';
import type { PrivateAuthority } from './private-authority.js';

const PATIENCE = { timeout: 60_000, interval: 250 };

/** Where the coordinator listens, and by which certificate. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly authority: PrivateAuthority | null;
  /** Where others find it, if not there. */
  readonly publicUrl?: string;
}

/** The group's machine: the world, and an all-in-one coordinator, `./run up`. */
export interface FirstMachine {
  readonly world: World;
  /** Such as `https://10.213.1.1`. */
  readonly url: string;
  /** Runs the command line as the group's admin, and gives its standard output. */
  admin(...args: readonly string[]): Promise<string>;
  /** Starts the coordinator again, at another door, with all that it knew. */
  restart(door: Door): Promise<void>;
  /** Opens a round on a commit for one builder, beside one that never answers. */
  openRound(commit: CommitId, builder: string): Promise<string>;
  /** Waits until a builder is in some state of a round. */
  awaitState(round: string, builder: string, states: readonly string[]): Promise<void>;
  /** Waits until a builder has committed, closes the round, and waits for its result. */
  firstResult(round: string, builder: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts it below a folder. */
export async function startFirstMachine(dir: string, first: Door): Promise<FirstMachine> {
  const world = await startWorld(join(dir, 'world'));
  const dataDir = join(dir, 'data');
  await mkdir(dataDir, { recursive: true });
  const rootKeyFile = join(dir, 'nns-root-key.der');
  await writeFile(rootKeyFile, world.nns.rootKey);
  const silent = sleeper();
  await writeFile(join(dataDir, 'roster.json'), JSON.stringify({ operators: [silent.entry] }));
  let door = first;
  const urlOf = ({ host, port, authority }: Door): string =>
    authority === null ? `http://${host}:${port}` : `https://${host}:${port}`;
  const start = async (): Promise<Child> => {
    const { host, port, authority } = door;
    const nats = (door.publicUrl ?? urlOf(door)).replace(/^http/, 'ws');
    const child = startChild(
      process.execPath,
      [join(projectRoot(), 'dist/services/coordinator/src/up.main.js')],
      {
        logPath: join(dir, 'up.log'),
        env: {
          PATH: process.env['PATH'],
          REPRO_QUORUM_DATA_DIR: dataDir,
          LOG_ORIGIN: 'group.invalid/log',
          ...{ NNS_URL: world.nns.url, NNS_ROOT_KEY_FILE: rootKeyFile },
          ...{ HOST: host, PORT: `${port}`, NATS_PORT: '0' },
          PUBLIC_NATS_URLS: `${nats}/nats`,
          CALIBRATE_BUILDERS: 'false',
          ...(authority !== null && {
            TLS_CERT_FILE: authority.certFile,
            TLS_KEY_FILE: authority.keyFile,
            NODE_EXTRA_CA_CERTS: authority.caFile,
          }),
        },
      },
    );
    await child.line(/listening on https?:\/\/\S+/);
    return child;
  };
  let up = await start();
  const admin = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await execa(process.execPath, [entry('cli'), ...args], {
      env: {
        NO_COLOR: '1',
        REPRO_QUORUM_COORDINATOR: urlOf(door),
        ...(door.authority !== null && { NODE_EXTRA_CA_CERTS: door.authority.caFile }),
      },
      ...{ timeout: 60_000, stdin: 'ignore' as const },
    });
    return stdout;
  };
  const asAdmin = (...args: readonly string[]): Promise<string> =>
    admin(...args, '--token-file', join(dataDir, 'admin.token'));
  const get = async (path: string): Promise<unknown> =>
    (await fetch(new URL(path, urlOf(door)))).json();
  const awaitState: FirstMachine['awaitState'] = async (round, builder, states) => {
    await vi.waitFor(async () => {
      const report = Report.parse(await get(`/v1/rounds/${round}/report`));
      const seat = report.builders.find((each) => each.builder === builder);
      if (seat !== undefined && states.includes(seat.state)) return;
      throw new Error(`the builder is ${seat?.state ?? 'not invited'}, not ${states.join(' or ')}`);
    }, PATIENCE);
  };
  return {
    world,
    get url() {
      return door.publicUrl ?? urlOf(door);
    },
    admin: asAdmin,
    restart: async (next) => {
      await up.stop();
      door = next;
      up = await start();
    },
    openRound: async (commit, builder) => {
      const asked = ['--builders', `${builder},${silent.id}`, '--threshold', '2'];
      const told = await asAdmin('round', 'open', '--commit', commit, ...asked, '--json');
      return (JSON.parse(told) as { round: string }).round;
    },
    awaitState,
    firstResult: async (round, builder) => {
      await awaitState(round, builder, ['committed']);
      await asAdmin('round', 'close', round);
      await vi.waitFor(async () => {
        const { attestations } = RoundAttestations.parse(
          await get(`/v1/rounds/${round}/attestations`),
        );
        const own = attestations.find((each) => each.kind === 'result' && each.builder === builder);
        if (own?.proof == null) throw new Error('there is no result in the log yet');
      }, PATIENCE);
    },
    close: async () => {
      await up.stop();
      await world.close();
    },
  };
}

/** A builder of another operator whose machine is off: a round needs two operators at least. */
function sleeper(): { readonly id: string; readonly entry: object } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { id, publicKey } = signerFromPem(pem);
  const builders = [{ builder: id, publicKey: toBase64(publicKey) }];
  return { id, entry: { operator: 'asleep', builders } };
}
