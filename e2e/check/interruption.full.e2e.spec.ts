import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { end as endProcesses, note, running } from '../agent/processes.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

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
  const args = ['-c', release.commit, '--guestos', '--temp-dir', temp];
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
    const check = desk.start(args, env);
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
  const { cdnPath, sizeBytes } = release.artifacts['guestos/update-img'];
  // The first answer is cut off, and then nobody is there.
  systems.setFault(cdnPath, {
    kind: 'per-caller',
    choose: ({ earlier }) =>
      earlier === 0 ? { kind: 'truncate', afterBytes: 50_000 } : { kind: 'down' },
  });
  const asked = () => systems.requests.filter(({ path }) => path === cdnPath);
  const check = desk.start(args, env);
  onTestFinished(async () => endProcesses(await note(home, 'pids')));
  await vi.waitUntil(() => asked().length >= 2, PATIENCE);
  await note(home, 'pids');
  check.kill('SIGINT');
  expect((await check.end).exitCode).toBe(130);

  systems.setFault(cdnPath, null);
  await writeFile(join(home, '.container-run.conf'), '');
  const { report, exitCode } = await desk.report(args, env);
  expect([report.outcome, exitCode]).toEqual(['reproduced', 0]);
  const rest = asked().at(-1);
  const [, start = '0'] = /^bytes=(\d+)-/.exec(rest?.headers.range ?? '') ?? [];
  expect(Number(start)).toBeGreaterThan(0);
  expect(Number(start)).toBeLessThan(sizeBytes);
  expect(rest?.headers['if-range']).toBeDefined();
});

test('what a killed check left is removed by the next one', async () => {
  const { home, temp, env, args, builds } = await hanging('killed');
  const check = desk.start(args, env);
  const pids = await note(home, 'pids');
  onTestFinished(() => endProcesses(pids));
  check.kill('SIGKILL');
  await check.end;
  expect([(await readdir(builds)).length > 0, await readdir(temp)]).toMatchObject([true, [{}]]);

  await writeFile(join(home, '.container-run.conf'), '');
  const { report, exitCode } = await desk.report(args, env);
  expect([report.outcome, exitCode]).toEqual(['reproduced', 0]);
  expect([await readdir(builds), await readdir(temp)]).toEqual([[], []]);
});
