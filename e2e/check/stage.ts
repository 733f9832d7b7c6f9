import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectedOs } from '../world/election.js';
import type { EraId } from '../world/era.js';
import type { ProposalSpec } from '../world/nns/index.js';
import type { Published } from '../world/publisher.js';
import { pathsOf, type ReleasePaths } from './cdn-faults.js';
import type { CdnPair, CheckDesk, Place, ReportEnd } from './check-desk.js';

/** Where one story is played: a release, two CDN hosts, a home and a cache, all of its own. */
export interface Stage extends Pick<CdnPair, 'systems' | 'network'> {
  readonly release: Published<EraId>;
  readonly paths: ReleasePaths;
  /** The folder that each host serves. */
  readonly roots: CheckDesk['world']['cdnRoots'];
  /** A folder for the build's temp files, for those who mount something over it. */
  readonly tempDir: string;
  /** Writes `~/.container-run.conf`, a bash script that the build's container reads. */
  configure(containerRunConf: string): Promise<void>;
  /** Proposes to elect the release; gives the arguments that check the proposal. */
  elect(os?: ElectedOs, changes?: Partial<ProposalSpec>): readonly string[];
  /** Runs `repro-quorum check`. */
  check(
    args: readonly string[],
    inside?: Omit<NonNullable<Place['inside']>, 'tempDir'>,
  ): Promise<ReportEnd>;
}

/** Sets a stage in a folder of the desk. */
export async function setStage(
  desk: CheckDesk,
  name: string,
  release: Published<EraId>,
): Promise<Stage> {
  const dir = join(desk.dir, 'stages', name);
  const [home, cacheDir, tempDir] = [join(dir, 'home'), join(dir, 'cache'), join(dir, 'tmp')];
  await Promise.all([home, tempDir].map(async (folder) => mkdir(folder, { recursive: true })));
  const { systems, network, environment } = await desk.hosts();
  return {
    ...{ systems, network, release, tempDir },
    paths: pathsOf(release),
    roots: desk.world.cdnRoots,
    configure: (conf) => writeFile(join(home, '.container-run.conf'), conf),
    elect: (os, changes) => ['-p', desk.elect(release, os, changes, { systems, network })],
    check: (args, inside) =>
      desk.report(
        [...args, '--cache-dir', cacheDir, '--temp-dir', tempDir],
        { ...environment, HOME: home },
        inside && { inside: { ...inside, tempDir } },
      ),
  };
}
