import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cannotRunHere } from '../world/builder-environment/prepare.js';
import { ERA_IDS } from '../world/era.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';
import { playStory } from './play-story.js';
import { cutReleases, type Releases } from './releases.js';
import { STORIES } from './stories.js';
import { toldStories } from './told.js';

let desk: CheckDesk;
let published: Releases;
beforeAll(async () => {
  desk = await openCheckDesk();
  published = await cutReleases(desk, STORIES, ERA_IDS);
});
afterAll(() => desk.close());

const tmpfs = { tempFilesystem: { type: 'tmpfs', sizeBytes: 1024 ** 2 } } as const;
const noMount = await cannotRunHere({ home: '/', tempDir: '/', ...tmpfs });

// Each has hosts, a home and a cache of its own; those of which a host is down mostly wait.
describe.concurrent.each(ERA_IDS)('in the era %s', (era) => {
  const own = STORIES.filter(({ isOf }) => isOf?.(era) ?? true);
  test.for(own)('$name ends as the page tells', async (story, context) => {
    if (story.mounts === true && noMount !== null) context.skip(noMount);
    await playStory(desk, published, story, era);
  });
});

test('the page tells of no story that is not played', () => {
  expect([...toldStories().keys()]).toEqual(STORIES.map(({ name }) => name));
});
