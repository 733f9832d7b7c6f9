import { afterAll, beforeAll, describe, test } from 'vitest';
import { DEFAULT_ERA } from '../world/era.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';
import { playStory } from './play-story.js';
import { cutReleases, type Releases } from './releases.js';
import { STORIES } from './stories.js';

const CORE = ['mismatch', 'tampered-cdn-and-sums', 'tampered-proposal', 'build-failure'];
const stories = STORIES.filter(({ name }) => CORE.includes(name));

let desk: CheckDesk;
let published: Releases;
beforeAll(async () => {
  desk = await openCheckDesk();
  published = await cutReleases(desk, stories, [DEFAULT_ERA]);
});
afterAll(() => desk.close());

describe.concurrent('today', () => {
  test.for(stories)('$name ends as the page tells', async (story) => {
    await playStory(desk, published, story, DEFAULT_ERA);
  });
});
