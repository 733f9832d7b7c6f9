import { expect } from 'vitest';
import { artifactsOf } from '../world/artifact.js';
import type { EraId } from '../world/era.js';
import type { CheckDesk } from './check-desk.js';
import type { Releases } from './releases.js';
import { setStage } from './stage.js';
import type { Story } from './stories.js';
import { actual, expected } from './told.js';

/** Plays a story in an era, and holds what comes of it against the page, artifact by artifact. */
export async function playStory(
  desk: CheckDesk,
  published: Releases,
  story: Story,
  era: EraId,
): Promise<void> {
  const release = await published(era, story);
  const stage = await setStage(desk, `${era}-${story.name}`, release);
  const { report, exitCode, stderr } = await story.play(stage);
  expect(report.era, stderr).toBe(era);
  expect(actual(report, exitCode), stderr).toEqual(expected(story.name, artifactsOf(era)));
}
