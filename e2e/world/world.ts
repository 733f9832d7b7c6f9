import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startCdn, type Cdn } from './cdn/cdn.js';
import { startDashboard, type Dashboard } from './dashboard/dashboard.js';
import { writeErasFile } from './eras-file.js';
import { startGitHost, type GitHost } from './git-host.js';
import { createIcMini, type IcMini } from './ic-mini/ic-mini.js';
import { startMirror, type Mirror } from './mirror.js';
import { startNns, type Nns, type NnsOptions } from './nns/index.js';

/** Everything outside of repro-quorum that a round touches, on this machine. */
export interface World {
  readonly nns: Nns;
  /** Stands for the dashboard's API: the same proposals, unsigned. */
  readonly dashboard: Dashboard;
  readonly icMini: IcMini;
  readonly git: GitHost;
  /** Clone URL of ic-mini. */
  readonly gitUrl: string;
  readonly mirror: Mirror;
  /** Stands for download.dfinity.systems. */
  readonly systems: Cdn;
  /** Stands for download.dfinity.network. */
  readonly network: Cdn;
  /** Folders that the two CDN hosts serve. */
  readonly cdnRoots: readonly [systems: string, network: string];
  readonly workDir: string;
  /** A table of eras with ic-mini's small figures, in the form that the programs read. */
  readonly erasFile: string;
  close(): Promise<void>;
}

/** Starts the outside below one folder, each part on a free port of its own. */
export async function startWorld(
  dir: string,
  { delegation = true }: Pick<NnsOptions, 'delegation'> = {},
): Promise<World> {
  const cdnRoots = [join(dir, 'cdn-systems'), join(dir, 'cdn-network')] as const;
  const workDir = join(dir, 'publisher');
  for (const folder of [...cdnRoots, workDir]) await mkdir(folder, { recursive: true });
  const erasFile = join(dir, 'eras.json');
  await writeErasFile(erasFile);
  const icMini = await createIcMini(join(dir, 'ic-mini.git'));
  const [nns, git, mirror, systems, network] = await Promise.all([
    startNns({ delegation }),
    startGitHost({ 'dfinity/ic': icMini.gitDir }),
    startMirror(),
    startCdn({ root: cdnRoots[0] }),
    startCdn({ root: cdnRoots[1] }),
  ]);
  const dashboard = await startDashboard(nns);
  return {
    ...{ nns, dashboard, icMini, git, mirror, systems, network, cdnRoots, workDir, erasFile },
    gitUrl: git.urlOf('dfinity/ic'),
    close: async () => {
      await Promise.all(
        [nns, dashboard, git, mirror, systems, network].map((part) => part.close()),
      );
    },
  };
}
