import { expect, test } from 'vitest';
import { allPages, listPath } from './all-pages.js';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** A list of letters, two a page; what it says comes next may be changed. */
function lettersBy(next: (honest: string | null) => string | null) {
  const asked: string[] = [];
  const read = async (path: string): Promise<{ letters: string[]; next: string | null }> => {
    asked.push(path);
    const after = new URL(path, 'http://coordinator.example').searchParams.get('after') ?? '';
    const letters = LETTERS.filter((letter) => letter > after).slice(0, 2);
    const last = letters.at(-1) ?? null;
    return Promise.resolve({ letters, next: next(last === LETTERS.at(-1) ? null : last) });
  };
  return {
    asked,
    all: () => allPages(listPath('v1/letters', 'open'), read, (page) => page.letters),
  };
}

test('a list is read to its end, each line once', async () => {
  const { asked, all } = lettersBy((honest) => honest);
  expect(await all()).toEqual(LETTERS);
  expect(asked).toHaveLength(4);
  expect(asked[1]).toBe('v1/letters?limit=100&status=open&after=b');
});

test('what comes next cannot alter what else is asked', async () => {
  const { asked, all } = lettersBy((honest) => (honest === null ? null : 'z&status=used#'));
  expect(await all()).toEqual(['a', 'b']);
  expect(asked[1]).toBe('v1/letters?limit=100&status=open&after=z%26status%3Dused%23');
});

test.each(['', 'b'])('pages that lead back to %j end it', async (back) => {
  const { all } = lettersBy(() => back);
  await expect(all()).rejects.toMatchObject({ exitCode: 3 });
});
