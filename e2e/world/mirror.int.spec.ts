import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { MIRROR_STATES } from './mirror-state.js';
import { startMirror } from './mirror.js';
import type { Mirror } from './mirror.js';

let mirror: Mirror;
beforeAll(async () => {
  mirror = await startMirror();
});
afterAll(() => mirror.close());

const text = async (url: string) => (await fetch(url)).text();
const index = async (view: string) =>
  (await text(`${mirror.url(view)}/Packages`))
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', version = '', digest = '', path = ''] = line.split(' ');
      return { name, version, digest, path };
    });

describe('a package mirror', () => {
  test('has a newer package with other contents in each of its states', async () => {
    mirror.set('all', MIRROR_STATES - 1);
    const packages = await index('all');
    expect(packages).toHaveLength(MIRROR_STATES);
    expect(MIRROR_STATES).toBeGreaterThanOrEqual(6);
    expect(new Set(packages.map(({ digest }) => digest)).size).toBe(MIRROR_STATES);
    const versions = packages.map(({ version }) => version);
    const numeric = new Intl.Collator('en', { numeric: true });
    expect(versions.toSorted((a, b) => numeric.compare(a, b))).toEqual(versions);
  });

  test('serves what its index promises', async () => {
    for (const { path, digest } of await index('all')) {
      const response = await fetch(`${mirror.url('all')}/${path}`);
      expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(digest);
    }
  });

  test('moves each view on alone', async () => {
    expect(mirror.advance('fra')).toBe(1);
    expect(mirror.advance('fra')).toBe(2);
    expect(await index('fra')).toHaveLength(3);
    expect(await index('sgp')).toHaveLength(1);
  });

  test('does not have the packages of tomorrow', async () => {
    const newest = (await index('all')).at(-1)!;
    expect((await fetch(`${mirror.url('sgp')}/${newest.path}`)).status).toBe(404);
  });

  test.each([-1, 0.5, MIRROR_STATES])('has no state %d', (state) => {
    expect(() => {
      mirror.set('fra', state);
    }).toThrow(expect.objectContaining({ code: 'NO_SUCH_STATE' }));
  });
});
