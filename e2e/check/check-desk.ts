import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { CheckReport } from '#libs/contracts';
import { entry } from '../stack/entry.js';
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

/** A release to be published. */
export interface ReleaseChoice {
  readonly era?: EraId;
  readonly defects?: Defects;
  readonly checksBlockSize?: boolean;
}

/** A lone verifier's desk: the world outside, a home of its own, and the command line. */
export interface CheckDesk {
  readonly world: World;
  readonly dir: string;
  readonly home: string;
  /** Environment that points the command line at the world. */
  readonly environment: Readonly<Record<string, string>>;
  /** Publishes a release on both CDN hosts. */
  release(choice?: ReleaseChoice): Promise<Published<EraId>>;
  /** Proposes to elect it, in the form of its time, with changes; gives the proposal's number. */
  elect(published: Published<EraId>, os?: ElectedOs, changes?: Partial<ProposalSpec>): string;
  /** Runs `repro-quorum check` as a user would. */
  check(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CheckEnd>;
  /** Runs it with `--json`, and gives what it says beside how it ended. */
  report(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<CheckEnd & { readonly report: CheckReport }>;
  close(): Promise<void>;
}

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
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    REPRO_QUORUM_NNS_HOST: world.nns.url,
    REPRO_QUORUM_NNS_ROOT_KEY: Buffer.from(world.nns.rootKey).toString('hex'),
    REPRO_QUORUM_GIT_URL: world.gitUrl,
    REPRO_QUORUM_CDN_SYSTEMS: world.systems.url,
    REPRO_QUORUM_CDN_NETWORK: world.network.url,
    REPRO_QUORUM_DASHBOARD: world.dashboard.url,
    REPRO_QUORUM_ERAS: world.erasFile,
  };
  const check: CheckDesk['check'] = async (args, env = {}) => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [entry('cli'), 'check', ...args],
      {
        cwd: dir,
        env: { ...environment, ...env },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        timeout: 120_000,
      },
    );
    return { exitCode: exitCode ?? null, stdout, stderr };
  };
  return {
    ...{ world, dir, home, environment, check },
    release: async ({ era = DEFAULT_ERA, defects = {}, checksBlockSize = false } = {}) => {
      const commit = await world.icMini.commit(defects, undefined, { era, checksBlockSize });
      const { icMini, cdnRoots, workDir } = world;
      return publish<EraId>({ icMini, commit, era, cdnRoots, workDir });
    },
    elect: (published, os = 'guestos', changes = {}) => {
      const spec = electionOf(world, published, os);
      if (spec === null) throw new Error(`releases of ${published.era} have no ${os}`);
      return world.nns.propose({ ...spec, ...changes } as ProposalSpec).toString();
    },
    report: async (args, env) => {
      const end = await check([...args, '--json'], env);
      if (end.stdout === '') throw new Error(`no report (exit ${end.exitCode}): ${end.stderr}`);
      return { ...end, report: CheckReport.parse(JSON.parse(end.stdout)) };
    },
    close: async () => {
      await world.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
