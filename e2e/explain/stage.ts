import { setTimeout as delay } from 'node:timers/promises';
import type { Comparison, Observation } from '#libs/divergence';
import { builtPath } from '../world/artifact.js';
import type { ArtifactName } from '../world/artifact.js';
import { mirrorConf } from '../world/builder-environment/builder-environment.js';
import { startMirror } from '../world/mirror.js';
import { openTrial } from '../world/trial.js';
import { buildSide, pathIn } from './built-side.js';
import type { BuiltSide } from './built-side.js';
import { compareSides } from './compare-sides.js';
import { fiveBuilders } from './five-builders.js';
import { differingLocations, takeInventory } from './inventory.js';
import type { SplitRelease, Surroundings } from './releases.js';
import type { Truth } from './truth.js';

/** An artifact that holds filesystems. */
export type ImageName = Exclude<ArtifactName, 'guestos/launch-measurements'>;

/** Where releases are built twice, and held against each other. */
export interface Stage {
  /** Builds a release on both sides. */
  build(release: SplitRelease): Promise<readonly [BuiltSide, BuiltSide]>;
  /** Builds a release once more. */
  rebuild(release: SplitRelease, surroundings: Surroundings): Promise<BuiltSide>;
  compare(image: ArtifactName, left: BuiltSide, right: BuiltSide): Promise<Comparison>;
  /** Five builders of which two are these. */
  five(
    image: ArtifactName,
    truths: readonly Pick<Truth, 'fact' | 'follows' | 'conclusion'>[],
    left: BuiltSide,
    right: BuiltSide,
  ): readonly Observation[];
  /** What of an update image differs, found out with nothing of the project. */
  differingLocations(image: ImageName, left: BuiltSide, right: BuiltSide): Promise<string[]>;
  close(): Promise<void>;
}

const CLOCK_POLL_MS = 20;

async function untilPast(second: number): Promise<void> {
  while (Date.now() < second * 1000) await delay(CLOCK_POLL_MS);
}

/** Opens a stage in a temporary folder, with a package mirror. */
export async function openStage(): Promise<Stage> {
  const trial = await openTrial();
  const mirror = await startMirror();
  const mirrored = (state: number): Surroundings => {
    const view = `state-${state}`;
    mirror.set(view, state);
    return { containerRunConf: mirrorConf(mirror.url(view)) };
  };
  return {
    async build({ defects, mirrorStates, ...surroundings }) {
      // Cut once: two at a time would lock each other out of the branch.
      const commit = await trial.icMini.commit(defects);
      const [one, other] = mirrorStates?.map(mirrored) ?? [];
      const left = buildSide(trial, commit, { ...surroundings.left, ...one });
      // Side by side, but where the second of the build is what has to differ.
      if (Object.values(defects).flat().includes('mtime')) await untilPast((await left).span.to);
      return Promise.all([left, buildSide(trial, commit, { ...surroundings.right, ...other })]);
    },
    rebuild: async ({ defects }, surroundings) =>
      buildSide(trial, await trial.icMini.commit(defects), surroundings),
    compare: (image, left, right) => compareSides(left, right, image, trial.dir),
    five: (image, truths, ...sides) => {
      const [left, right] = sides.map(({ built, facts }) => {
        return { digest: built.artifacts[image].digest, facts };
      });
      return fiveBuilders({ left: left!, right: right! }, truths, image);
    },
    async differingLocations(image, ...sides) {
      const [one, other] = await Promise.all(
        sides.map((side) => takeInventory(pathIn(side, builtPath(image)), trial.dir)),
      );
      return differingLocations(one!, other!);
    },
    async close() {
      await mirror.close();
      await trial.close();
    },
  };
}
