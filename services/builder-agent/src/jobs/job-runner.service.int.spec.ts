import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { execa } from 'execa';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Result } from '#libs/attestation';
import { natsUrl } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { playCoordinator, seatOf, signerOf } from '../round.fixture.js';
import { makeJobDesk } from './desk.fixture.js';
import type { JobRunnerService } from './job-runner.service.js';
import { JobStoreService } from './job-store.service.js';
import { signedResult } from './signed-result.fixture.js';

const builder = signerOf(1);
const played = playCoordinator();

const nats = useConnection(natsUrl);

let dir: string;
let jobs: JobStoreService;
beforeEach(async () => {
  dir = await scratchDirectory();
  await execa('git', ['init', '--quiet', '--bare', join(dir, 'empty.git')]);
  jobs = new JobStoreService(configBelow(dir));
});

/** Starts to build what is in the store; by default from a host that has no commit at all. */
function startRunner(
  more: Readonly<Record<string, string>> = {},
  signer = builder,
): JobRunnerService {
  const config = configBelow(dir, { GIT_URL: `file://${join(dir, 'empty.git')}`, ...more });
  const { runner } = makeJobDesk(config, signer, played.coordinator, nats());
  runner.onModuleInit();
  return runner;
}

async function dispatch(more: Parameters<typeof played.open>[1] = {}): Promise<string> {
  const { round, envelope } = played.open([builder], more);
  await jobs.add(round, envelope);
  return round;
}

const resultOf = (round: string): Promise<Result> => signedResult(jobs, round, builder);

describe('a build that cannot be is a signed failure', () => {
  test('of a commit that the host does not have', async () => {
    const round = await dispatch();
    startRunner();
    expect(await resultOf(round)).toMatchObject({
      ...{ kind: 'failed', stage: 'source', class: 'source-unavailable' },
      ...{ round, builder: builder.id },
    });
    expect(await readdir(join(dir, 'build'))).toEqual([]);
  });

  test('of a release whose source is no git commit', async () => {
    const name = 'debian/hello-2.10';
    const source = { uri: null, digest: { sha256: 'a'.repeat(64) } };
    const round = await dispatch({ release: { name, source, artifacts: [] } });
    startRunner();
    expect(await resultOf(round)).toMatchObject({
      ...{ kind: 'failed', stage: 'source', class: 'unsupported-commit' },
      release: { name, digest: source.digest },
    });
  });

  test('in a folder that cannot be written', async () => {
    await writeFile(join(dir, 'file'), '');
    const round = await dispatch();
    startRunner({ BUILD_TMPDIR: join(dir, 'file/tmp') });
    const result = await resultOf(round);
    expect(result).toMatchObject({ kind: 'failed', stage: 'preflight', class: 'permission' });
    expect(JSON.stringify(result)).not.toContain(dir);
  });
});

test('a defect of ours in one job signs nothing, and keeps no other from being built', async () => {
  const [broken, sound] = [
    await dispatch({ openedAt: '2026-09-01T00:00:00Z' }),
    await dispatch({ openedAt: '2026-09-02T00:00:00Z' }),
  ];
  // Where a file of ours belongs there is a folder: nothing that a build could have done.
  await mkdir(join(jobs.folder(broken), 'running.json'));
  startRunner();
  expect(await resultOf(sound)).toMatchObject({ kind: 'failed', class: 'source-unavailable' });
  expect((await jobs.find(broken))?.sealed).toBeNull();
});

test('a build that ends while the queue is read is not begun again', async () => {
  const begun: string[] = [];
  Logger.overrideLogger({
    log: (message: string) => {
      const [, round] = /^round (\w+): building/.exec(message) ?? [];
      if (round !== undefined) begun.push(round);
    },
    ...{ warn: () => undefined, error: () => undefined },
  });
  onTestFinished(() => {
    Logger.overrideLogger(false);
  });
  const rounds: string[] = [];
  for (let at = 10; at < 30; at += 1) {
    rounds.push(await dispatch({ openedAt: `2026-09-${at.toString()}T00:00:00Z` }));
  }
  const runner = startRunner({ BUILD_SLOTS: '4' });
  const reads = setInterval(() => {
    runner.wake();
  }, 1);
  try {
    for (const round of rounds) await resultOf(round);
  } finally {
    clearInterval(reads);
  }
  expect(begun.toSorted()).toEqual(rounds.map((round) => round.slice(0, 12)).toSorted());
});

test('a round that invited a key which was rotated since is not built: nobody takes its commit', async () => {
  const before = await dispatch({ openedAt: '2026-09-01T00:00:00Z' });
  const rotated = { ...signerOf(2), id: builder.id };
  const later = { openedAt: '2026-09-02T00:00:00Z', roster: [seatOf(rotated)] };
  const { round, envelope } = played.open([], later);
  await jobs.add(round, envelope);
  startRunner({}, rotated);
  await vi.waitFor(
    async () => {
      expect((await jobs.find(round))?.sealed).not.toBeNull();
    },
    { timeout: 20_000, interval: 50 },
  );
  expect((await jobs.find(before))?.sealed).toBeNull();
});

test('a builder that leaves stays for a result that it shows, whatever it was shown of the log before', async () => {
  const round = await dispatch();
  const { envelope } = played.open([builder]);
  await jobs.seal(round, { result: envelope, commit: envelope });
  await jobs.addReceipt(round, 'commitReceipt', 'proof of the commit');
  await jobs.addClose(round, played.close(round), new Date());
  await jobs.addBadEvidence(round, {});
  const runner = startRunner();
  expect(await runner.workload()).toMatchObject({ isDone: true });
  await jobs.show(round, { grounds: 'unwitnessed', reveal: null });
  expect(await runner.workload()).toMatchObject({ isDone: false });
});

test('a round of the log before is neither built nor stayed for, where the coordinator begins another', async () => {
  const before = playCoordinator(201, 'before.invalid/log');
  const [old, committed] = [before.open([builder]), before.open([builder])];
  for (const { round, envelope } of [old, committed]) await jobs.add(round, envelope);
  const sealed = { result: committed.envelope, commit: committed.envelope };
  await jobs.seal(committed.round, sealed);
  await jobs.addReceipt(committed.round, 'commitReceipt', 'proof of the commit');
  const later = await dispatch({ openedAt: '2026-09-20T00:00:00Z' });
  const runner = startRunner();
  await resultOf(later);
  expect((await jobs.find(old.round))?.sealed).toBeNull();
  await jobs.addReceipt(later, 'commitReceipt', 'proof of the commit');
  await jobs.addClose(later, played.close(later), new Date());
  await jobs.addReceipt(later, 'resultReceipt', 'proof of the result');
  await vi.waitFor(async () => {
    expect(await runner.workload()).toMatchObject({ running: [], queued: 0, isDone: true });
  }, 10_000);
});

test('rounds whose builds would have one folder are built one after the other', async () => {
  // A host that takes questions and never answers: each build stays where it is.
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const [first, alike, other] = [`${'a'.repeat(63)}1`, `${'a'.repeat(63)}2`, 'b'.repeat(64)];
  for (const [at, round] of [first, alike, other].entries()) {
    const { envelope } = played.open([builder], { openedAt: `2026-09-0${at + 1}T00:00:00Z` });
    await jobs.add(round, envelope);
  }
  const runner = startRunner({ BUILD_SLOTS: '3', GIT_URL: `http://127.0.0.1:${port}/ic.git` });
  const running = async (): Promise<readonly string[]> => (await runner.workload()).running;
  await vi.waitFor(async () => {
    expect(await running()).toContain(other);
  }, 20_000);
  // One that comes later in the queue was begun: this one was passed over.
  expect(await running()).toEqual([first, other]);
  await runner.stop(first, 'requested');
  await vi.waitFor(async () => {
    expect(await running()).toEqual([other, alike]);
  }, 20_000);
});

test('jobs that were sealed are never built again', async () => {
  const round = await dispatch();
  startRunner();
  const first = await resultOf(round);
  const next = await dispatch();
  startRunner();
  await resultOf(next);
  expect(await resultOf(round)).toEqual(first);
});

test('what could not be removed when a job was sealed is removed at the next start', async () => {
  const round = await dispatch();
  startRunner();
  await resultOf(round);
  const [folder, tempDir] = [
    join(dir, 'build', round.slice(0, 16)),
    join(dir, 'repro-quorum-0123456789abcdef'),
  ];
  for (const path of [join(folder, 'ic'), tempDir]) await mkdir(path, { recursive: true });
  await writeFile(join(jobs.folder(round), 'running.json'), JSON.stringify({ tempDir }));
  startRunner();
  await vi.waitFor(
    async () => {
      expect(await readdir(jobs.folder(round))).not.toContain('running.json');
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(await readdir(join(dir, 'build'))).toEqual([]);
  expect(await readdir(dir)).not.toContain('repro-quorum-0123456789abcdef');
});
