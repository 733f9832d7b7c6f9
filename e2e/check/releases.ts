import type { EraId } from '../world/era.js';
import { publish, type Published } from '../world/publisher.js';
import type { CheckDesk } from './check-desk.js';
import type { Story } from './stories.js';

/** Gives the release that a story of an era is about; it is built when it is first asked for. */
export type Releases = (era: EraId, story: Story) => Promise<Published<EraId>>;

/**
 * Cuts the commits of all stories in these eras. At once: a clone of a repository by its path fails over files
 * that are being written there.
 */
export async function cutReleases(
  desk: CheckDesk,
  stories: readonly Story[],
  eras: readonly EraId[],
): Promise<Releases> {
  const { icMini, cdnRoots, workDir } = desk.world;
  const published = new Map<string, () => Promise<Published<EraId>>>();
  const keyOf = (era: EraId, { defects }: Story): string =>
    `${era} ${JSON.stringify(defects?.(era) ?? {})}`;
  for (const era of eras) {
    for (const story of stories) {
      const key = keyOf(era, story);
      if (published.has(key)) continue;
      const commit = await icMini.commit(story.defects?.(era) ?? {}, undefined, { era });
      let begun: Promise<Published<EraId>> | undefined;
      published.set(key, async () => {
        return (begun ??= publish<EraId>({ icMini, commit, era, cdnRoots, workDir }));
      });
    }
  }
  return async (era, story) => {
    const release = published.get(keyOf(era, story));
    if (release === undefined) throw new Error(`no commit was cut for ${keyOf(era, story)}`);
    return release();
  };
}
