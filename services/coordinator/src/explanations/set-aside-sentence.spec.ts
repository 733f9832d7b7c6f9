import { describe, expect, test } from 'vitest';
import { setAsideSentence } from './set-aside-sentence.js';

describe('a re-build that was set aside', () => {
  const because = 'these facts moved: "os.kernel"';

  test('is told with its reason, under the name that readers know', () => {
    expect(setAsideSentence([{ builder: 'a', because }], { a: 'Ann' })).toEqual([
      'The re-build of Ann is not taken in: these facts moved: "os.kernel".',
    ]);
  });

  test('stands for those before it, which are counted', () => {
    const older = { builder: 'a', because: 'x' };
    expect(setAsideSentence([older, older, { builder: 'b', because }], {})).toEqual([
      'The re-build of b is not taken in, nor are 2 before it: these facts moved: "os.kernel".',
    ]);
    expect(setAsideSentence([], {})).toEqual([]);
  });
});
