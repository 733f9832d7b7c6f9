import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { CheckReport } from '#libs/contracts';
import { entry } from '../stack/entry.js';
import type { BuilderEnvironment } from '../world/builder-environment/builder-environment.js';
import { enter } from '../world/builder-environment/enter.js';
import { startCdn, type Cdn } from '../world/cdn/cdn.js';
import { electionOf, type ElectedOs } from '../world/election.js';
import { DEFAULT_ERA, type EraId } from '../world/era.js';
import type { Defects } from '../world/ic-mini/defects.js';
import type { ProposalSpec } from '../world/nns/index.js';
import { publish, type Published } from '../world/publisher.js';
import { startWorld, type World } from '../world/world.js';

/** How a check ended. */
export interface CheckEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A check that runs. */
export interface RunningCheck {
  /** Sends it a signal, as Ctrl-C or the system does. */
  kill(signal: NodeJS.Signals): void;
  readonly end: Promise<CheckEnd>;
}

/** How a check ended that told what it found. */
export interface ReportEnd extends CheckEnd {
  readonly report: CheckReport;
}

/** A release to be published. */
export interface ReleaseChoice {
  readonly era?: EraId;
  readonly defects?: Defects;
  readonly checksBlockSize?: boolean;
}

/** Variables of the environment, beside or instead of the desk's. */
export type Variables = Readonly<Record<string, string>>;

/** Where a check is run. */
export interface Place {
  /** Default: the desk's folder, which is no repository. */
  readonly cwd?: string;
  /** Surroundings that it is put into, with all that it starts. */
  readonly inside?: Pick<BuilderEnvironment, 'tempDir' | 'tempFilesystem' | 'fileSizeLimitBytes'>;
}

/** Two CDN hosts over what is published; what goes wrong on them is nobody else's. */
export interface CdnPair {
  readonly systems: Cdn;
  readonly network: Cdn;
  /** Variables that point the command line at them. */
  readonly environment: Variables;
}

/** A lone verifier's desk: the world outside, a home of its own, and the command line. */
export interface CheckDesk {
  readonly world: World;
  readonly dir: string;
  readonly home: string;
  /** Environment that points the command line at the world. */
  readonly environment: Variables;
  /** Starts two more hosts over what the world publishes. */
  hosts(): Promise<CdnPair>;
  /** Publishes a release on both CDN hosts. */
  release(choice?: ReleaseChoice): Promise<Published<EraId>>;
  /**
   * Proposes to elect it, in the form of its time, with changes; gives the proposal's number. Its
   * URLs are on the world's hosts, or on those that are given.
   */
  elect(
    published: Published<EraId>,
    os?: ElectedOs,
    changes?: Partial<ProposalSpec>,
    hosts?: Pick<CdnPair, 'systems' | 'network'>,
  ): string;
  /** Starts `repro-quorum check` as a user would. */
  start(args: readonly string[], env?: Variables, place?: Place): RunningCheck;
  /** Runs it to its end. */
  check(args: readonly string[], env?: Variables, place?: Place): Promise<CheckEnd>;
  /** Runs it with `--json`, and gives what it says beside how it ended. */
  report(args: readonly string[], env?: Variables, place?: Place): Promise<ReportEnd>;
  close(): Promise<void>;
}

const LONGEST_CHECK_MS = 200_000;

/**
 * Sets up a desk.
 *
 * @throws Error when nothing was built
 */
export async function openCheckDesk(): Promise<CheckDesk> {
  if (!existsSync(entry('cli'))) throw new Error('there is no dist/: run `npm run build` first');
  const dir = await mkdtemp(join(tmpdir(), 'check-'));
  const home = join(dir, 'home');
  await mkdir(home);
  const world = await startWorld(join(dir, 'world'));
  const environment = environmentOf(world, home);
  const opened: CdnPair[] = [];
  const start: CheckDesk['start'] = (args, env = {}, { cwd = dir, inside } = {}) => {
    const command = [process.execPath, entry('cli'), 'check', ...args] as const;
    const [file, ...rest] = inside === undefined ? command : putInto(inside, home, command);
    const child = execa(file, rest, {
      ...{ cwd, env: { ...environment, ...env }, extendEnv: false },
      ...{ reject: false, stdin: 'ignore', timeout: LONGEST_CHECK_MS },
    });
    return {
      kill: (signal) => {
        child.kill(signal);
      },
      end: child.then(({ exitCode, stdout, stderr }) => ({
        ...{ exitCode: exitCode ?? null, stdout, stderr },
      })),
    };
  };
  const check: CheckDesk['check'] = async (...how) => start(...how).end;
  return {
    ...{ world, dir, home, environment, start, check },
    hosts: async () => {
      const [systems, network] = await Promise.all(
        world.cdnRoots.map(async (root) => startCdn({ root })),
      );
      if (systems === undefined || network === undefined) throw new Error('there are two roots');
      const pair = { systems, network, environment: variablesOf(systems, network) };
      opened.push(pair);
      return pair;
    },
    release: async ({ era = DEFAULT_ERA, defects = {}, checksBlockSize = false } = {}) => {
      const commit = await world.icMini.commit(defects, undefined, { era, checksBlockSize });
      const { icMini, cdnRoots, workDir } = world;
      return publish<EraId>({ icMini, commit, era, cdnRoots, workDir });
    },
    elect: (published, os = 'guestos', changes = {}, hosts = world) => {
      const spec = electionOf(hosts, published, os);
      if (spec === null) throw new Error(`releases of ${published.era} have no ${os}`);
      return world.nns.propose({ ...spec, ...changes } as ProposalSpec).toString();
    },
    report: async (args, ...where) => {
      const end = await check([...args, '--json'], ...where);
      if (end.stdout === '') throw new Error(`no report (exit ${end.exitCode}): ${end.stderr}`);
      return { ...end, report: CheckReport.parse(JSON.parse(end.stdout)) };
    },
    close: async () => {
      await Promise.all(
        opened.flatMap(({ systems, network }) => [systems.close(), network.close()]),
      );
      await world.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function environmentOf(world: World, home: string): Variables {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    REPRO_QUORUM_NNS_HOST: world.nns.url,
    REPRO_QUORUM_NNS_ROOT_KEY: Buffer.from(world.nns.rootKey).toString('hex'),
    REPRO_QUORUM_GIT_URL: world.gitUrl,
    REPRO_QUORUM_DASHBOARD: world.dashboard.url,
    REPRO_QUORUM_ERAS: world.erasFile,
    ...variablesOf(world.systems, world.network),
  };
}

function variablesOf(systems: Cdn, network: Cdn): Variables {
  return { REPRO_QUORUM_CDN_SYSTEMS: systems.url, REPRO_QUORUM_CDN_NETWORK: network.url };
}

function putInto(
  inside: NonNullable<Place['inside']>,
  home: string,
  command: readonly string[],
): readonly [string, ...string[]] {
  const { file, args } = enter({ home, ...inside }, command);
  return [file, ...args];
}
