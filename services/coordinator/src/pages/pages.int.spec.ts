import { describe, expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { loadPages } from './built-pages.js';
import { PAGE_POLICY } from './document.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});

const isBuilt = (await loadPages()) !== null;

test('where the pages are not built, it says how to build them', async ({ skip }) => {
  if (isBuilt) skip('they are built here');
  const response = await quorum().api.get('/');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('./run setup');
});

test('an unknown path below /v1 stays a problem', async () => {
  for (const path of ['/v1', '/v1/nowhere', '/v1?x=y']) {
    expect(await quorum().api.refused('GET', path)).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  }
});

describe.skipIf(!isBuilt)('pages', () => {
  test('are whole without scripts, under a policy of their own', async () => {
    const response = await quorum().api.get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(PAGE_POLICY);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await response.text();
    expect(html).toContain('<h1>');
    expect(html).toContain('<main id="content"');
    expect(html).not.toMatch(/<script(?! type="application\/json"| type="module" src=)/);
    expect(html).not.toMatch(/ style="| on[a-z]+="/);
  });

  test('load files that stay as they are for ever', async () => {
    const html = await (await quorum().api.get('/')).text();
    const names = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const response = await quorum().api.get(name ?? '');
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('content-type')).toMatch(/^text\/(javascript|css)/);
      expect(response.headers.get('content-encoding')).not.toBeNull();
      // A worker is held by what it comes with.
      expect(response.headers.get('content-security-policy')).toBe(PAGE_POLICY);
    }
    expect((await quorum().api.get('/assets/..%2f.vite/manifest.json')).status).toBe(404);
  });

  test.each([
    ['/nowhere', 404, 'No such page'],
    [`/rounds/${'ab'.repeat(32)}`, 404, 'This is not here'],
    ['/rounds/xyz', 400, 'This address is not understood'],
    ['/nowhere?"><script>alert(1)</script>', 404, 'No such page'],
    ['//', 404, 'No such page'],
    ['//x:99999/', 404, 'No such page'],
  ])('%s is a page in words, status %i', async (path, status, words) => {
    const response = await quorum().api.get(path);
    expect(response.status).toBe(status);
    const html = await response.text();
    expect(html).toContain(words);
    expect(html).not.toContain('<script>alert');
  });

  test('answer a look at their head alone', async () => {
    const response = await fetch(`${quorum().api.url}/`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('that did not change are not sent again', async () => {
    const again = await eventually(
      'two looks within one minute',
      async () => {
        const first = await quorum().api.get('/log');
        const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
        return fetch(`${quorum().api.url}/log`, { headers });
      },
      ({ status }) => status === 304,
    );
    expect(await again.text()).toBe('');
  });

  test('hold their readers to what an address may ask for', async () => {
    const started = await quorum().start({ READS_PER_MINUTE: '2' });
    const ask = () => fetch(`${started.url}/log`);
    expect((await ask()).status).toBe(429);
    await quorum().stop(started);
  });
});
