import { statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, describe, test } from 'vitest';
import type { BuildLimits } from './limits.js';
import { isRoot, openRoom } from './room.fixture.js';
import { listOwned } from './user-processes.js';

const MIB = 1024 ** 2;
/** The limit is looked at first: without it nothing is started. */
const BOMB = '[ "$(ulimit -Hu)" -le 80 ] || exit 9; bomb() { bomb | bomb & }; bomb; sleep 60';
const HOG = 'x=$(head -c 200M /dev/zero | tr "\\0" x); sleep 60';
const BUSY = 'while :; do echo busy; sleep 0.1; done';

const disk = statfsSync(tmpdir());
const FREE_BYTES = disk.bavail * disk.bsize;

type Row = [name: string, script: string, limits: BuildLimits];

describe.skipIf(!isRoot)('a build with a user of its own (as root only)', () => {
  test.each<Row>([
    ['time-limit', BUSY, { wallClockMs: 700 }],
    ['too-many-processes', BOMB, { processes: 64 }],
    ['out-of-memory', HOG, { memoryBytes: 64 * MIB }],
    ['disk-limit', 'head -c 400M /dev/zero > big; sleep 60', { diskBytes: 20 * MIB }],
    ['disk-limit', 'head -c 90M /dev/zero > /dev/shm/$$; sleep 60', { diskBytes: 20 * MIB }],
    [
      'out-of-space',
      'head -c 900M /dev/zero > big; sleep 60',
      // Others free some of this disk meanwhile, or fill it: that ends the build, too.
      { freeBytes: FREE_BYTES - 100 * MIB },
    ],
    ['log-limit', 'exec head -c 10G /dev/zero', { outputBytes: 50 * MIB }],
  ])('ends with the class %s at that limit, and with all of it', async (name, script, limits) => {
    const { build, user, at } = await openRoom();
    const end = await build(script, limits);
    expect(end).toMatchObject({ limit: { class: name }, interrupted: false });
    expect(await listOwned(user)).toEqual([]);
    expect((await stat(at('build.log'))).size).toBeLessThan(300 * MIB);
  });

  test.each<Row>([
    ['too-many-processes', BOMB, { processes: 64 }],
    ['out-of-memory', HOG, { memoryBytes: 64 * MIB }],
  ])('ends with the class %s also where there are no control groups', async (name, ...rest) => {
    const { build, user } = await openRoom();
    expect(await build(...rest, null)).toMatchObject({ limit: { class: name } });
    expect(await listOwned(user)).toEqual([]);
  });
});

describe('a build without a user of its own', () => {
  test.each<Row>([
    ['time-limit', BUSY, { wallClockMs: 700 }],
    ['too-many-processes', 'for i in {1..30}; do sleep 60 & done; sleep 60', { processes: 20 }],
    ['out-of-memory', HOG, { memoryBytes: 64 * MIB }],
    ['disk-limit', 'head -c 90M /dev/zero > big; sleep 60', { diskBytes: 20 * MIB }],
    ['log-limit', 'exec head -c 10G /dev/zero', { outputBytes: 50 * MIB }],
  ])('is watched for the limit %s', async (name, script, limits) => {
    const { buildAsIs } = await openRoom();
    expect(await buildAsIs(script, limits)).toMatchObject({ limit: { class: name } });
  });

  test('may fill a filesystem that never had as much free as is to stay', async () => {
    const { buildAsIs } = await openRoom();
    const end = await buildAsIs('sleep 1.2', { freeBytes: 2 ** 53 - 1 });
    expect(end).toMatchObject({ limit: null, exitCode: 0 });
  });

  test('that keeps within its limits ends as it would without them', async () => {
    const { buildAsIs } = await openRoom();
    const limits = { processes: 100, memoryBytes: 2 ** 40, diskBytes: 2 ** 40, outputBytes: 1000 };
    const end = await buildAsIs('echo done; sleep 1.2; exit 3', { ...limits, wallClockMs: 60_000 });
    expect(end).toMatchObject({ limit: null, exitCode: 3, logTail: 'done\n' });
  });
});
