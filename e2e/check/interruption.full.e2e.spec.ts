import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { sha256 } from '#libs/encoding';
import { end as endProcesses, note, running } from '../agent/processes.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

const MIB = 1024 ** 2;
const PATIENCE = { timeout: 60_000, interval: 20 };

let desk: CheckDesk;
let release: Published<EraId>;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
});
afterAll(() => desk.close());

/** A home whose builds leave a note of their processes, in and out of their session, and hang. */
async function hanging(name: string) {
  const home = join(desk.dir, name);
  const temp = join(home, 'temp');
  await mkdir(temp, { recursive: true });
  const conf = `sleep 600 & child=$!
setsid sleep 600 & apart=$!
touch "$TMPDIR/half-built"
echo $$ $child $apart > ${join(home, 'pids')}
wait
`;
  await writeFile(join(home, '.container-run.conf'), conf);
  const { systems, environment } = await desk.hosts();
  const args = ['--guestos', '--temp-dir', temp];
  return {
    ...{ home, temp, systems },
    env: { ...environment, HOME: home },
    args,
    builds: join(home, '.cache/repro-quorum/builds'),
  };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends build and downloads, removes their folders, and the exit code is 130',
  async (signal) => {
    const { home, temp, env, args, builds } = await hanging(signal);
    const check = desk.start(['-c', release.commit, ...args], env);
    const pids = await note(home, 'pids');
    onTestFinished(() => endProcesses(pids));
    expect(await running(pids)).toHaveLength(3);
    expect(await readdir(temp)).toHaveLength(1);
    check.kill(signal);
    const { exitCode, stdout } = await check.end;
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(await running(pids)).toEqual([]);
    expect([await readdir(builds), await readdir(temp)]).toEqual([[], []]);
  },
);

test('what was downloaded when a check was interrupted is gone on with by the next', async () => {
  const { home, env, args, systems } = await hanging('resumed');
  // Larger than what is held in memory before it is written, so that it can be seen to grow.
  const content = Buffer.alloc(8 * MIB, 'an image');
  const path = `/ic/${release.commit}/large/update-img.tar.zst`;
  await mkdir(join(desk.world.cdnRoots[0], dirname(path)), { recursive: true });
  await writeFile(join(desk.world.cdnRoots[0], path), content);
  systems.setFault(path, { kind: 'slow', bytesPerSecond: MIB });
  const proposal = desk.elect(release, 'guestos', { urls: [systems.url + path] });
  const check = desk.start(['-p', proposal, ...args], env);
  onTestFinished(async () => endProcesses(await note(home, 'pids')));
  const downloads = join(home, '.cache/repro-quorum/downloads');
  await vi.waitUntil(async () => (await largestPart(downloads)) >= MIB, PATIENCE);
  await note(home, 'pids');
  check.kill('SIGINT');
  expect((await check.end).exitCode).toBe(130);

  systems.setFault(path, null);
  await writeFile(join(home, '.container-run.conf'), '');
  const { report } = await desk.report(['-p', proposal, ...args], env);
  const { headers } = systems.requests.filter((one) => one.path === path).at(-1)!;
  const [, start = '0'] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  expect(Number(start)).toBeGreaterThanOrEqual(MIB);
  expect(headers['if-range']).toBeDefined();
  // Its digest is that of the whole, and not what the proposal says.
  const [url] = report.comparisons.filter(({ id }) => id === 'proposal-url');
  expect(url).toMatchObject({ state: 'failed', sides: [{}, { value: sha256(content) }] });
});

async function largestPart(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const parts = names.filter((name) => name.endsWith('.part'));
  const sizes = await Promise.all(
    parts.map(async (name) => {
      const facts = await stat(join(folder, name)).catch(() => null);
      return facts?.size ?? 0;
    }),
  );
  return Math.max(0, ...sizes);
}

test('what a killed check left is removed by the next one', async () => {
  const { home, temp, env, args, builds } = await hanging('killed');
  const check = desk.start(['-c', release.commit, ...args], env);
  const pids = await note(home, 'pids');
  onTestFinished(() => endProcesses(pids));
  check.kill('SIGKILL');
  await check.end;
  expect([(await readdir(builds)).length > 0, await readdir(temp)]).toMatchObject([true, [{}]]);

  await writeFile(join(home, '.container-run.conf'), '');
  const { report, exitCode } = await desk.report(['-c', release.commit, ...args], env);
  expect([report.outcome, exitCode]).toEqual(['reproduced', 0]);
  expect([await readdir(builds), await readdir(temp)]).toEqual([[], []]);
});
