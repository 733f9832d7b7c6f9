import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { formatVkey, openCheckpoint } from '#libs/tlog';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { coordinatorOf } from '../jobs/coordinator-identity.js';
import { playLog, type PlayedLog } from '../log.fixture.js';
import { signerOf } from '../round.fixture.js';
import { LogGrowthService } from './log-growth.service.js';
import { LogStateService, type SeenCheckpoint } from './log-state.service.js';

const signer = signerOf(200);
const ORIGIN = 'spec.invalid/log';
const coordinator = coordinatorOf(formatVkey(ORIGIN, signer.publicKey));
const { signal } = new AbortController();

let dir: string;
let state: LogStateService;
let log: PlayedLog;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  dir = await scratchDirectory();
  state = new LogStateService(configBelow(dir), coordinator);
  log = playLog(signer, ORIGIN);
  for (let leaf = 0; leaf < 300; leaf += 1) log.append(`leaf ${leaf}`);
});

const shownAs = (note: string): SeenCheckpoint => ({
  ...{ note, checkpoint: openCheckpoint(note, [coordinator.verifier], ORIGIN).checkpoint },
});
const keep = (note: string): Promise<null> => state.update(() => ({ keep: note, answer: null }));
const kept = (): Promise<string | null> =>
  state.update((seen) => ({ keep: null, answer: seen?.note ?? null }));

/** Serves a log's tiles, or answers so to each question; `before` runs ahead of each. */
async function serve(
  served: PlayedLog | number,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<LogGrowthService> {
  const server = createServer((request, response) => {
    void before().then(() => {
      const path = (request.url ?? '').replace('/v1/log/', '');
      const tile = typeof served === 'number' ? undefined : served.tile(path);
      response.writeHead(typeof served === 'number' ? served : tile === undefined ? 404 : 200);
      response.end(tile);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new LogGrowthService({ COORDINATOR_URL: `http://127.0.0.1:${port}` }, state);
}

describe('a tree that somebody shows', () => {
  test('is taken on the log’s word by an agent that saw none, and is what it saw from then on', async () => {
    const growth = await serve(404);
    expect(await growth.hold(shownAs(log.note(7)), signal)).toEqual({ kind: 'consistent' });
    expect(await kept()).toBe(log.note(7));
  });

  test.each([
    [3, 7, 7],
    [255, 300, 300],
    [7, 300, 300],
    [300, 300, 300],
    [300, 7, 300],
    [257, 256, 257],
  ])(
    'holds where %i leaves were seen and %i are shown: %i are kept',
    async (seen, shown, after) => {
      await keep(log.note(seen));
      const growth = await serve(log);
      expect(await growth.hold(shownAs(log.note(shown)), signal)).toEqual({ kind: 'consistent' });
      expect(await kept()).toBe(log.note(after));
    },
  );

  test('holds though this agent cosigns a larger one meanwhile', async () => {
    await keep(log.note(10));
    let size = 10;
    const growth = await serve(log, () =>
      size < 12 ? keep(log.note((size += 1))) : keep(log.note(12)),
    );
    expect(await growth.hold(shownAs(log.note(20)), signal)).toEqual({ kind: 'consistent' });
    expect(await kept()).toBe(log.note(20));
  });

  test.each([
    [10, 10, true],
    [10, 20, false],
    [20, 10, false],
  ])(
    'of a fork contradicts: %i leaves were seen, %i are shown; both notes are kept',
    async (seen, shown, isProvenFork) => {
      const fork = log.fork(5);
      for (let leaf = 5; leaf < 20; leaf += 1) fork.append(`another leaf ${leaf}`);
      await keep(log.note(seen));
      for (const tiles of [log, fork]) {
        const growth = await serve(tiles);
        const judgement = await growth.hold(shownAs(fork.note(shown)), signal);
        expect(judgement.kind).toBe('contradicted');
      }
      expect(await kept()).toBe(log.note(seen));
      const folder = join(dir, 'state/witness');
      const [name = ''] = (await readdir(folder)).filter((each) => each.startsWith('fork-'));
      expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toEqual({
        ...{ isProvenFork, seen: log.note(seen), shown: fork.note(shown) },
      });
    },
  );

  test.each([
    ['is away', 503],
    ['has no such tiles', 404],
  ])('is not known of while the coordinator %s, and nothing is kept', async (_, status) => {
    await keep(log.note(10));
    const growth = await serve(status);
    expect((await growth.hold(shownAs(log.note(20)), signal)).kind).toBe('unknown');
    expect(await kept()).toBe(log.note(10));
    expect(await readdir(join(dir, 'state/witness'))).toHaveLength(1);
  });
});
