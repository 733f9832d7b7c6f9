import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { median } from '../race.js';
import { processorSeconds } from './processor-time.js';
import type { ReleaseStand } from './release-stand.js';
import type { Way } from './way.js';

/** What the runs of one way took, from start to exit. */
export interface Laps {
  readonly seconds: readonly number[];
  /** Of all processors, with the git host's part; the CDN's is not in it. */
  readonly processorSeconds: readonly number[];
  /** What the last run said of itself. */
  readonly words: string;
}

/** The laps of one way: the first run on an empty cache, and the second on what that left. */
export type ColdAndWarm = Readonly<Record<'cold' | 'warm', Laps>>;

/**
 * Goes each way so many times, cold and then warm. The ways take turns, and so does who begins:
 * a machine that other work slows down slows both alike.
 */
export async function goBothWays(
  base: string,
  stand: ReleaseStand,
  ways: readonly [Way, Way],
  count: number,
  tell: (line: string) => void,
): Promise<readonly [ColdAndWarm, ColdAndWarm]> {
  await mkdir(base);
  // On ext4, each folder in this one gets its own region of the disk: no lap works amid another's.
  await execa('chattr', ['+T', base], { reject: false });
  const none = (): ColdAndWarm => ({ cold: noLaps(), warm: noLaps() });
  const laps = new Map(ways.map((way) => [way, none()]));
  for (let lap = 0; lap < count; lap += 1) {
    for (const [turn, way] of (lap % 2 === 0 ? ways : ways.toReversed()).entries()) {
      // What a lap leaves stays: a file system that has just lost thousands of files is slow to make
      // new ones, and whoever comes next would pay for it.
      const dir = join(base, `${lap}-${turn}`);
      await mkdir(dir);
      const before = laps.get(way) ?? none();
      const cold = await goOnce(dir, stand, way, before.cold);
      const warm = await goOnce(dir, stand, way, before.warm);
      const took = [cold, warm].map(({ seconds }) => `${(seconds.at(-1) ?? 0).toFixed(1)} s`);
      tell(`${way.name}: cold ${took[0] ?? ''}, warm ${took[1] ?? ''}`);
      laps.set(way, { cold, warm });
    }
  }
  return [laps.get(ways[0]) ?? none(), laps.get(ways[1]) ?? none()];
}

/** The middle one of what laps took, and the least and the most. */
export function spread(laps: readonly number[]): string {
  const [least, most] = [Math.min(...laps), Math.max(...laps)];
  const text = `${median(laps).toFixed(1)} s`;
  return laps.length < 2 ? text : `${text} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

async function goOnce(dir: string, stand: ReleaseStand, way: Way, before: Laps): Promise<Laps> {
  // Nobody pays for what the one before left to be written: that one is not charged for it either.
  await execa('sync');
  const [startMs, startCpu] = [performance.now(), processorSeconds()];
  const words = await way.run(stand, dir);
  const seconds = (performance.now() - startMs) / 1000;
  return {
    seconds: [...before.seconds, seconds],
    processorSeconds: [...before.processorSeconds, processorSeconds() - startCpu],
    words,
  };
}

function noLaps(): Laps {
  return { seconds: [], processorSeconds: [], words: '' };
}
