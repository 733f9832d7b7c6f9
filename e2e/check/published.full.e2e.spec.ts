import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_ERA } from '../world/era.js';
import type { MeasurementSpec } from '../world/nns/index.js';
import { startCdn, type Cdn } from '../world/cdn/cdn.js';
import type { Published } from '../world/publisher.js';
import { replaceFiles, replaceWithSums } from './cdn-faults.js';
import { openCheckDesk, type CheckDesk, type ReportEnd } from './check-desk.js';
import { setStage, type Stage } from './stage.js';

const GUESTOS = ['--guestos'];

let desk: CheckDesk;
let release: Published;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = (await desk.release({ era: DEFAULT_ERA })) as Published;
});
afterAll(() => desk.close());

const stageOf = (name: string): Promise<Stage> => setStage(desk, name, release);
const imagePath = (): string => release.artifacts['guestos/update-img'].cdnPath;
const comparisons = ({ report }: ReportEnd, id: string) =>
  report.comparisons.filter((one) => one.id === id).map(({ state }) => state);
const verdicts = ({ report }: ReportEnd) => report.artifacts.map(({ verdict }) => verdict);

describe.concurrent('launch measurements', () => {
  const proposed = (): MeasurementSpec[] =>
    release.measurements.guest_launch_measurements.map(({ measurement, metadata }) => ({
      measurement: Buffer.from(measurement).toString('hex'),
      kernelCmdline: metadata.kernel_cmdline,
    }));

  test.each<[string, (slots: MeasurementSpec[]) => MeasurementSpec[]]>([
    [
      'other bytes',
      ([a, ...rest]) => [{ ...a!, measurement: `00${a!.measurement.slice(2)}` }, ...rest],
    ],
    [
      'another kernel command line',
      ([a, ...rest]) => [{ ...a!, kernelCmdline: `${a!.kernelCmdline} debug` }, ...rest],
    ],
    ['another order', (slots) => slots.toReversed()],
    ['one of them missing', (slots) => slots.slice(1)],
    ['an empty list', () => []],
  ])('in the proposal with %s do not match: exit code 1', async (name, change) => {
    const stage = await stageOf(`measurements ${name}`);
    const measurements = change(proposed());
    const args = stage.elect('guestos', { measurements });
    const end = await stage.check([...args, ...GUESTOS]);
    expect(comparisons(end, 'proposal-measurements')).toEqual(['failed']);
    expect(comparisons(end, 'local-measurements')).toEqual(['passed']);
    expect(verdicts(end)).toEqual(['reproduced', 'inconsistent']);
    expect(end.exitCode).toBe(1);
  });

  test('that the proposal does not have are compared with the build alone', async () => {
    const stage = await stageOf('no measurements');
    const args = stage.elect('guestos', { kind: 'elect-guestos-2023' });
    const end = await stage.check([...args, ...GUESTOS]);
    expect(comparisons(end, 'proposal-measurements')).toEqual([]);
    expect(comparisons(end, 'local-measurements')).toEqual(['passed']);
    expect([end.exitCode, ...verdicts(end)]).toEqual([0, 'reproduced', 'reproduced']);
  });

  test('in another spelling on the CDN are the same: they are compared by value', async () => {
    const stage = await stageOf('spelling');
    replaceWithSums(stage.systems, stage.roots[0], stage.paths, (path, content) =>
      path.endsWith('.json')
        ? Buffer.from(JSON.stringify(JSON.parse(content.toString()), null, 4))
        : content,
    );
    const end = await stage.check([...stage.elect(), ...GUESTOS]);
    expect([end.exitCode, ...verdicts(end)]).toEqual([0, 'reproduced', 'reproduced']);
    const [, { local, expected } = {}] = end.report.artifacts;
    expect(local).not.toBe(expected);
  });
});

describe.concurrent('URLs of a proposal', () => {
  const check = async (stage: Stage, urls: readonly string[], ...more: string[]) =>
    stage.check([...stage.elect('guestos', { urls }), ...GUESTOS, ...more]);
  const asked = (host: Cdn, path: string) =>
    host.requests.filter((one) => one.path === path && one.method === 'GET').length;

  test('of which two are on one host are noted, and each is fetched and hashed on its own', async () => {
    const stage = await stageOf('one host');
    const copy = imagePath().replace('update-img.tar.zst', 'copy/update-img.tar.zst');
    await cp(join(stage.roots[0], imagePath()), join(stage.roots[0], copy));
    const urls = [imagePath(), copy].map((path) => stage.systems.url + path);
    const end = await check(stage, urls);
    expect(comparisons(end, 'proposal-urls')).toEqual(['noted']);
    expect(comparisons(end, 'proposal-url')).toEqual(['passed', 'passed']);
    expect([imagePath(), copy].map((path) => asked(stage.systems, path))).toEqual([1, 1]);
    expect(end.exitCode).toBe(0);
  });

  test.each([0, 1])(
    'of which two are on one host are told apart when URL %d lies',
    async (lying) => {
      const stage = await stageOf(`one host, ${lying} lies`);
      const copies = ['first', 'second'].map((name) =>
        imagePath().replace('update-img.tar.zst', `${name}-${lying}/update-img.tar.zst`),
      );
      for (const path of copies) {
        await cp(join(stage.roots[0], imagePath()), join(stage.roots[0], path));
      }
      replaceFiles(stage.systems, { ...stage.paths, files: [copies[lying]!] });
      const end = await check(
        stage,
        copies.map((path) => stage.systems.url + path),
      );
      const states = ['passed', 'passed'];
      states[lying] = 'failed';
      expect(comparisons(end, 'proposal-url')).toEqual(states);
      expect([end.exitCode, ...verdicts(end)]).toEqual([1, 'inconsistent', 'reproduced']);
    },
  );

  test('of which one stands there twice are noted, and the bytes are compared all the same', async () => {
    const stage = await stageOf('one twice');
    const url = stage.systems.url + imagePath();
    const end = await check(stage, [url, url]);
    const [noted] = end.report.comparisons.filter(({ id }) => id === 'proposal-urls');
    expect(noted).toMatchObject({ state: 'noted', sides: [{ where: url }, { where: url }] });
    expect(comparisons(end, 'proposal-url')).toEqual(['passed']);
    expect(asked(stage.systems, imagePath())).toBe(1);
    expect(end.exitCode).toBe(0);
  });

  test('on a host that is not on the allow-list are not asked for: undecided, exit code 3', async () => {
    const stage = await stageOf('stranger');
    const stranger = await startCdn({ root: stage.roots[0] });
    try {
      const end = await check(stage, [stranger.url + imagePath()]);
      expect(stranger.requests).toEqual([]);
      expect(comparisons(end, 'proposal-url')).toEqual(['undecided']);
      expect([end.exitCode, ...verdicts(end)]).toEqual([3, 'undecided', 'reproduced']);
    } finally {
      await stranger.close();
    }
  });

  test('that lead off the allow-list are not followed: undecided, exit code 3', async () => {
    const stage = await stageOf('redirect off');
    const stranger = await startCdn({ root: stage.roots[0] });
    try {
      const to = stranger.url + imagePath();
      stage.network.setFault(imagePath(), { kind: 'redirect', to });
      const end = await check(stage, [stage.network.url + imagePath()]);
      expect(stranger.requests).toEqual([]);
      expect(comparisons(end, 'proposal-url')).toEqual(['undecided']);
      expect(end.exitCode).toBe(3);
    } finally {
      await stranger.close();
    }
  });

  test('that lead to the other CDN are followed', async () => {
    const stage = await stageOf('redirect on');
    stage.network.setFault(imagePath(), {
      kind: 'redirect',
      to: stage.systems.url + imagePath(),
    });
    const end = await check(stage, [stage.network.url + imagePath()]);
    expect([end.exitCode, ...comparisons(end, 'proposal-url')]).toEqual([0, 'passed']);
  });
});

test('a dashboard that lies is warned of, and decides nothing: exit code 0', async () => {
  const args = ['-p', desk.elect(release), '--hostos'];
  desk.world.dashboard.setFault({ kind: 'lies' });
  const { exitCode, stdout } = await desk.check(args);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /\[⚠️ Warning\] The dashboard, for which nobody signs, shows something else[^]*f{64}/,
  );
});
