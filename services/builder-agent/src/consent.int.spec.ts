import { expect, test } from 'vitest';
import { configBelow, scratchDirectory } from './agent.fixture.js';
import { describePublication } from './consent.js';

test.each([
  ['bytes', ['names, owners, times', 'bytes of any file', 'are masked'], ['No bytes of files']],
  ['pages', ['names, owners, times', 'No bytes of files are given out'], ['bytes of any file']],
  ['off', ['Nothing is answered'], ['names, owners, times', 'bytes of any file']],
] as const)(
  'before anything is signed, it is told what will be answered: EXPLAIN=%s',
  async (EXPLAIN, told, not) => {
    const config = configBelow(await scratchDirectory(), { EXPLAIN });
    const text = await describePublication(config, {});
    for (const words of told) expect(text).toContain(words);
    for (const words of not) expect(text).not.toContain(words);
    expect(text).toMatch(/To agree, set PUBLICATION_CONSENT=yes\.\n$/);
  },
);
