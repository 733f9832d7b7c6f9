import type { ElectedOs } from './election.js';
import { DEFAULT_ERA, ERA_IDS } from './era.js';
import type { EraId } from './era.js';
import type { Defects } from './ic-mini/defects.js';
import { publish } from './publisher.js';
import type { Published } from './publisher.js';
import type { World } from './world.js';

/** A release that was built once and lies on both CDN hosts. */
export interface ShownRelease {
  readonly name: 'clean' | 'drift' | EraId | `tampered-${ElectedOs}`;
  readonly era: EraId;
  readonly commit: string;
  readonly guestosSha256: string;
}

/** All releases to try things on. */
export interface ShownReleases {
  readonly clean: Published;
  readonly drift: Published;
  /** One of each era, newest first; the clean one is today's. */
  readonly ofEras: readonly Published<EraId>[];
  /** The image of one system was altered after the build, and published under its own digest. */
  readonly tampered: Readonly<Record<ElectedOs, Published>>;
  /** For people. */
  readonly shown: readonly ShownRelease[];
}

/** How many builds run at once: a machine of two cores is busy with them. */
const LANES = 2;

/**
 * Publishes the releases to try things on, by a builder that follows a mirror.
 *
 * @throws WorldError BUILD_FAILED, COMMAND_FAILED
 */
export async function publishShown(world: World, mirrorUrl: string): Promise<ShownReleases> {
  const { icMini, cdnRoots, workDir } = world;
  const lane = lanes(LANES);
  // One after the other, and before anybody clones: a clone of a repository by its path fails over
  // files that are being written there.
  const commits = lanes(1);
  const cutAll: Promise<unknown>[] = [];
  const release = async <E extends EraId>(
    layout: { readonly era: E; readonly defects?: Defects; readonly cut?: string },
    tamper?: ElectedOs,
  ): Promise<Published<E>> => {
    const { era, defects = {}, cut } = layout;
    const cutting = commits(() => icMini.commit(defects, cut, { era }));
    cutAll.push(cutting);
    const commit = await cutting;
    await Promise.all(cutAll);
    return lane(() => publish({ icMini, commit, era, cdnRoots, workDir, mirrorUrl, tamper }));
  };
  const era = DEFAULT_ERA;
  const others = ERA_IDS.filter((id) => id !== era);
  const [clean, drift, guestos, hostos, ...old] = await Promise.all([
    release({ era }),
    release({ era, defects: { hostos: ['package-drift'] } }),
    // Commits of their own: what lies on a CDN never changes.
    release({ era, cut: '2026-09-11_03-20' }, 'guestos'),
    release({ era, cut: '2026-09-12_03-20' }, 'hostos'),
    ...others.map((id) => release({ era: id })),
  ]);
  const tampered = { guestos, hostos };
  const ofEras = [clean, ...old];
  return {
    ...{ clean, drift, ofEras, tampered },
    shown: [
      show('clean', clean),
      show('drift', drift),
      show('tampered-guestos', guestos),
      show('tampered-hostos', hostos),
      ...old.map((published) => show(published.era, published)),
    ],
  };
}

function show(
  name: ShownRelease['name'],
  { era, commit, artifacts }: Published<EraId>,
): ShownRelease {
  return { name, era, commit, guestosSha256: artifacts['guestos/update-img'].digest };
}

type Lane = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets so many tasks run at once, and the others wait for their turn. */
function lanes(count: number): Lane {
  const tails = Array.from({ length: count }, () => Promise.resolve());
  let next = 0;
  return async (task) => {
    const index = next++ % count;
    const turn = (tails[index] ?? Promise.resolve()).then(task);
    tails[index] = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };
}
