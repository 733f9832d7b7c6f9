import { isAbsolute, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cachePaths } from './cache-paths.js';

const FOLDER = '/cache/commit';
const BASE = 'https://download.dfinity.systems';
const pathOf = (url: string) => relative(FOLDER, cachePaths(FOLDER, new URL(url)).file);

describe('the place of a URL in the cache', () => {
  test('is one that a person finds', () => {
    expect(pathOf(`${BASE}/ic/79fa/guest-os/update-img/update-img.tar.zst`)).toMatch(
      /^download\.dfinity\.systems\/ic\/79fa\/guest-os\/update-img\/[0-9a-f]{32}@update-img\.tar\.zst$/,
    );
    expect(pathOf('http://127.0.0.1:1234/')).toMatch(/^127\.0\.0\.1_1234\/[0-9a-f]{32}@index$/);
  });

  test.each([
    ['a way up', '/../../../etc/passwd'],
    ['a way up in percent signs', '/%2e%2e/%2E./%2e%2e%2f%2e%2e%2fetc/passwd'],
    ['backslashes', '/..\\..\\etc\\passwd'],
    ['empty folders', '////etc//passwd'],
    ['hidden files', '/.ssh/.netrc'],
    ['null bytes', '/a%00b/c%00'],
    ['other letters', '/ünïcödé/图片'],
    ['a very long name', `/${'x'.repeat(1900)}`],
    ['very many folders', '/x'.repeat(900)],
    ['a query of paths', '/a?b=../../etc/passwd'],
  ])('is inside for %s', (_, path) => {
    const place = pathOf(`${BASE}${path}`);
    const segments = place.split('/');
    expect(isAbsolute(place)).toBe(false);
    expect(segments.length).toBeLessThanOrEqual(16);
    for (const segment of segments) {
      expect(segment).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._@-]{0,120}$/);
    }
  });

  test('is another for another URL, and no file is where another needs a folder', () => {
    const url = fc
      .webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] })
      .map((text) => new URL(text));
    fc.assert(
      fc.property(url, url, (one, other) => {
        const [a, b] = [cachePaths(FOLDER, one), cachePaths(FOLDER, other)];
        fc.pre(one.href !== other.href);
        const taken = new Set<string>(Object.values(a));
        for (const path of Object.values(b) as string[]) {
          expect(taken.has(path)).toBe(false);
          for (const used of taken) expect(path.startsWith(`${used}/`)).toBe(false);
        }
      }),
    );
  });

  test.each([
    ['a name and a folder', '/a', '/a/b'],
    ['a file and its part', '/a', '/a.part'],
    ['a file and its record', '/a', '/a.json'],
    ['upper and lower case', '/A', '/a'],
    ['characters that are smoothed alike', '/a%20b', '/a_b'],
    ['queries', '/a?b=1', '/a?b=2'],
    ['names that are cut alike', `/${'x'.repeat(200)}1`, `/${'x'.repeat(200)}2`],
    ['paths that are cut alike', `/a${'/x'.repeat(30)}`, `/a${'/x'.repeat(31)}`],
  ])('keeps apart %s, even where case does not count', (_, one, other) => {
    const places = (path: string) =>
      (Object.values(cachePaths(FOLDER, new URL(`${BASE}${path}`))) as string[]).map((place) =>
        place.toLowerCase(),
      );
    expect(new Set([...places(one), ...places(other)]).size).toBe(10);
  });

  test('of a digest that another URL put into its path is still free', () => {
    const wanted = pathOf(`${BASE}/a`);
    const name = wanted.slice(wanted.lastIndexOf('/') + 1);
    expect(pathOf(`${BASE}/${name}/b`).startsWith(`${wanted}/`)).toBe(false);
  });
});
