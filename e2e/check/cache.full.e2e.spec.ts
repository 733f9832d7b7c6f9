import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_ERA, type EraId } from '../world/era.js';
import type { CdnRequest } from '../world/cdn/fault.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CdnPair, type CheckDesk, type Variables } from './check-desk.js';

let desk: CheckDesk;
let release: Published<EraId>;
let others: readonly Published<EraId>[];
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
  others = [
    await desk.release({ era: 'docker-one-image' }),
    await desk.release({ era: 'gitlab-one-image' }),
  ];
});
afterAll(() => desk.close());

/** Hosts and a home of a test's own. */
async function room(name: string): Promise<CdnPair & { home: string; env: Variables }> {
  const home = join(desk.dir, name);
  await mkdir(home);
  const hosts = await desk.hosts();
  return { ...hosts, home, env: { ...hosts.environment, HOME: home } };
}

/** How each file was asked for: whole, or only if it is another one by now. */
function ways(requests: readonly CdnRequest[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    requests.map(({ path, headers }) => [
      path.split('/').slice(3).join('/'),
      headers['if-none-match'] === undefined ? 'whole' : 'if changed',
    ]),
  );
}

const IMAGE = 'guest-os/update-img/update-img.tar.zst';
const SUMS = 'guest-os/update-img/SHA256SUMS';
const MEASUREMENTS = 'guest-os/update-img/launch-measurements.json';

describe.concurrent('the cache', () => {
  test('holds images, which are asked for again; sums and measurements come fresh each time', async () => {
    const { systems, env, home } = await room('fresh');
    const args = ['-c', release.commit, '--guestos'];
    expect((await desk.check(args, env)).exitCode).toBe(0);
    const first = ways(systems.requests);
    expect(first).toEqual({ [IMAGE]: 'whole', [SUMS]: 'whole', [MEASUREMENTS]: 'whole' });
    expect((await desk.check(args, env)).exitCode).toBe(0);
    const second = ways(systems.requests.slice(3));
    expect(second).toEqual({ [IMAGE]: 'if changed', [SUMS]: 'whole', [MEASUREMENTS]: 'whole' });
    expect((await desk.check([...args, '--clean'], env)).exitCode).toBe(0);
    expect(ways(systems.requests.slice(6))).toEqual(first);
    expect(await readdir(join(home, '.cache'))).toEqual(['repro-quorum']);
  });

  test('lies where --cache-dir says, and nowhere else', async () => {
    const { env, home } = await room('elsewhere');
    const cache = join(home, 'mine');
    const args = ['-c', release.commit, '--hostos', '--cache-dir', cache];
    expect((await desk.check(args, env)).exitCode).toBe(0);
    expect((await readdir(cache)).toSorted()).toEqual(
      expect.arrayContaining(['builds', 'downloads', 'source.git']),
    );
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  test('keeps the two commits that were used last', async () => {
    const { env, home } = await room('newest');
    for (const { commit } of [release, ...others]) {
      expect((await desk.check(['-c', commit, '--guestos'], env)).exitCode).toBe(0);
    }
    const kept = await readdir(join(home, '.cache/repro-quorum/downloads'));
    expect(kept.filter((name) => /^[0-9a-f]{40}$/.test(name)).toSorted()).toEqual(
      others.map(({ commit }) => commit).toSorted(),
    );
  });

  test('serves two runs at once, and each image crosses the wire once', async () => {
    const { systems, env } = await room('both');
    const run = async () => desk.report(['-c', release.commit], env);
    const ends = await Promise.all([run(), run()]);
    for (const { report, exitCode } of ends) {
      expect([report.era, report.outcome, exitCode]).toEqual([DEFAULT_ERA, 'reproduced', 0]);
    }
    const whole = systems.requests.filter(({ path, headers }) => {
      return path.endsWith('.tar.zst') && headers['if-none-match'] === undefined;
    });
    const images = new Set(whole.map(({ path }) => path));
    expect([whole.length, images.size]).toEqual([4, 4]);
  });

  test('loses nothing of a running check, though others clear it and use it for other commits', async () => {
    const { systems, home, env } = await room('running');
    const shared = { ...env, XDG_CACHE_HOME: join(home, 'cache') };
    const [begun, go] = [join(home, 'begun'), join(home, 'go')];
    const conf = `touch ${begun}\nuntil [ -e ${go} ]; do sleep 0.05; done\n`;
    await writeFile(join(home, '.container-run.conf'), conf);
    const running = desk.report(['-c', release.commit, '--guestos'], shared);
    await vi.waitUntil(() => existsSync(begun), { timeout: 60_000, interval: 20 });
    const elsewhere = { ...shared, HOME: join(home, 'another') };
    await mkdir(elsewhere.HOME);
    for (const { commit } of others) {
      const { exitCode, stderr } = await desk.check(['-c', commit, '--clean'], elsewhere);
      expect(exitCode, stderr).toBe(0);
    }
    await writeFile(go, '');
    const { report, exitCode } = await running;
    expect([report.outcome, exitCode]).toEqual(['reproduced', 0]);
    const own = `/ic/${release.commit}/${IMAGE}`;
    expect(systems.requests.filter(({ path }) => path === own)).toHaveLength(1);
  });
});
