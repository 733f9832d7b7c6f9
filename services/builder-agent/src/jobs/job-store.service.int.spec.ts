import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { roundAmendStatement, signStatement } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { jobOf, playCoordinator, signerOf, type OpenedRound } from '../round.fixture.js';
import type { Job, Sealed } from './job.js';
import { JobStoreService } from './job-store.service.js';

const builder = signerOf(1);
const played = playCoordinator();
const KEPT_AT = new Date('2026-09-10T04:00:05.000Z');

beforeAll(() => {
  Logger.overrideLogger(false);
});

let dir: string;
let store: JobStoreService;
let opened: OpenedRound;
beforeEach(async () => {
  dir = await scratchDirectory();
  store = openStore();
  opened = played.open([builder]);
});

/** What an agent finds that starts again. */
function openStore(): JobStoreService {
  return new JobStoreService(configBelow(dir));
}

const jobsDir = (): string => join(dir, 'state/jobs');
const rounds = (jobs: readonly Job[]): string[] => jobs.map(({ round }) => round);
/** Two envelopes that stand for a sealed result; the store signs and opens nothing. */
const sealedAs = (name: string): Sealed => ({
  result: { payload: name, payloadType: 'result', signatures: [{ sig: name }] },
  commit: { payload: name, payloadType: 'commit', signatures: [{ sig: name }] },
});

describe('a job', () => {
  test('is its dispatch and nothing else at first', async () => {
    await store.add(opened.round, opened.envelope);
    expect(await store.find(opened.round)).toEqual(jobOf(opened));
  });

  test('keeps what was added to its round before it was dispatched', async () => {
    const late = signerOf(7);
    const seat = { builder: late.id, publicKey: toBase64(late.publicKey) };
    const added = [{ operator: 'late', builders: [seat] }];
    const statement = { round: opened.round, amendedAt: '2026-09-10T03:30:00Z', added };
    const amend = signStatement(roundAmendStatement(statement), played.signer);
    await store.add(opened.round, opened.envelope, [amend]);
    const job = await openStore().find(opened.round);
    expect(job!.open).toEqual({
      ...opened.open,
      roster: [...opened.open.roster, ...added],
    });
  });

  test('is found again, with all its parts, by an agent that starts anew', async () => {
    await store.add(opened.round, opened.envelope);
    await store.seal(opened.round, sealedAs('one'));
    await store.addReceipt(opened.round, 'commitReceipt', 'proof of the commit');
    await store.addClose(opened.round, played.close(opened.round), KEPT_AT);
    await store.addReceipt(opened.round, 'resultReceipt', 'proof of the result');
    expect(await openStore().all()).toEqual([
      {
        ...{ ...jobOf(opened), sealed: sealedAs('one') },
        ...{ commitReceipt: 'proof of the commit', resultReceipt: 'proof of the result' },
        roundClose: played.close(opened.round),
        closeKeptAt: KEPT_AT,
      },
    ]);
  });

  test('that was never dispatched here is none', async () => {
    expect(await store.find(opened.round)).toBeNull();
    expect(await store.all()).toEqual([]);
  });

  test('is for its owner’s eyes only', async () => {
    await store.add(opened.round, opened.envelope);
    await store.seal(opened.round, sealedAs('one'));
    const folder = store.folder(opened.round);
    for (const path of [join(dir, 'state'), jobsDir(), folder]) {
      expect((await stat(path)).mode & 0o077).toBe(0);
    }
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    }
  });
});

describe('each part is written once', () => {
  beforeEach(() => store.add(opened.round, opened.envelope));

  test('a second seal changes nothing, before and after a restart', async () => {
    await store.seal(opened.round, sealedAs('first'));
    await store.seal(opened.round, sealedAs('second'));
    await openStore().seal(opened.round, sealedAs('third'));
    expect((await openStore().find(opened.round))?.sealed).toEqual(sealedAs('first'));
  });

  test('so are dispatch, close and receipts', async () => {
    const other = played.open([builder]);
    await store.add(opened.round, other.envelope);
    await store.addClose(opened.round, played.close(opened.round), KEPT_AT);
    await store.addClose(opened.round, played.close(other.round), KEPT_AT);
    for (const part of ['commitReceipt', 'resultReceipt'] as const) {
      await store.addReceipt(opened.round, part, 'first');
      await store.addReceipt(opened.round, part, 'second');
    }
    expect(await store.find(opened.round)).toMatchObject({
      ...{ open: opened.open, commitReceipt: 'first', resultReceipt: 'first' },
      roundClose: played.close(opened.round),
    });
  });
});

describe('what a crash or a stranger left lying', () => {
  test('a torn part is no part, and the next write is whole', async () => {
    await store.add(opened.round, opened.envelope);
    const folder = store.folder(opened.round);
    const torn = JSON.stringify(sealedAs('torn')).slice(0, 20);
    await writeFile(join(folder, 'sealed.json.0b1c.part'), torn);
    await writeFile(join(folder, 'commit.tlog-proof.0b1c.part'), 'c2sp.org/tlog');
    expect(await store.find(opened.round)).toMatchObject({ sealed: null, commitReceipt: null });
    await store.seal(opened.round, sealedAs('whole'));
    expect((await openStore().find(opened.round))?.sealed).toEqual(sealedAs('whole'));
  });

  test('a crash before the dispatch was whole leaves no job', async () => {
    const folder = store.folder(opened.round);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'round-open.dsse.json.77.part'), '{"payl');
    expect(await store.all()).toEqual([]);
    await store.add(opened.round, opened.envelope);
    expect(rounds(await store.all())).toEqual([opened.round]);
  });

  test('a folder that is no round’s, and a file, are passed over', async () => {
    await store.add(opened.round, opened.envelope);
    for (const name of ['lost+found', opened.round.slice(1), opened.round.toUpperCase(), '..x']) {
      await mkdir(join(jobsDir(), name));
    }
    await writeFile(join(jobsDir(), 'README'), 'by hand');
    expect(rounds(await store.all())).toEqual([opened.round]);
  });

  test.each(['round-open.dsse.json', 'sealed.json', 'round-close.dsse.json'])(
    'a spoilt %s takes its own job out of work, and no other',
    async (part) => {
      const spoilt = played.open([builder]);
      await store.add(spoilt.round, spoilt.envelope);
      await store.seal(spoilt.round, sealedAs('one'));
      await store.addClose(spoilt.round, played.close(spoilt.round), KEPT_AT);
      await store.add(opened.round, opened.envelope);
      await writeFile(join(store.folder(spoilt.round), part), '\0\0\0\0');
      expect(rounds(await store.all())).toEqual([opened.round]);
      // Not built a second time: another commit might be out already.
      await store.seal(spoilt.round, sealedAs('two'));
      expect(await readFile(join(store.folder(spoilt.round), 'sealed.json'), 'utf8')).not.toContain(
        'two',
      );
    },
  );

  test('a lost folder of jobs is made anew', async () => {
    await store.add(opened.round, opened.envelope);
    await rm(join(dir, 'state'), { recursive: true });
    expect(await store.all()).toEqual([]);
    await store.add(opened.round, opened.envelope);
    expect(rounds(await store.all())).toEqual([opened.round]);
  });
});

test('jobs come in the order in which their rounds were opened, whatever their ids', async () => {
  const opening = [3, 1, 2, 5, 4].map((day) =>
    played.open([builder], { openedAt: `2026-09-0${day}T03:20:00Z` }),
  );
  for (const { round, envelope } of opening) await store.add(round, envelope);
  const days = (await openStore().all()).map(({ open }) => open.openedAt.slice(8, 10));
  expect(days).toEqual(['01', '02', '03', '04', '05']);
});

test('a close that comes before its dispatch is kept for it, and is no job by itself', async () => {
  await store.addClose(opened.round, played.close(opened.round), KEPT_AT);
  expect(await store.all()).toEqual([]);
  await openStore().add(opened.round, opened.envelope);
  expect((await openStore().find(opened.round))?.roundClose).toEqual(played.close(opened.round));
});

test('a decision that an agent made on no more than a close is read on', async () => {
  const { round, envelope } = opened;
  await store.add(round, envelope);
  await store.show(round, { grounds: 'unanswered', reveal: null });
  expect((await openStore().find(round))?.shown?.grounds).toBe('unanswered');
});

describe('a job that is settled', () => {
  const open = async (openedAt: string): Promise<string> => {
    const { round, envelope } = played.open([builder], { openedAt });
    await store.add(round, envelope);
    await store.seal(round, sealedAs('one'));
    await store.addReceipt(round, 'commitReceipt', 'proof');
    await store.addClose(round, played.close(round), KEPT_AT);
    await store.show(round, { grounds: 'unwitnessed', reveal: null });
    return round;
  };
  const now = new Date('2026-09-10T05:00:00Z');

  test('is read no more, stays on disk, and one that is not is looked at', async () => {
    const [done, waiting] = [
      await open('2026-09-01T03:20:00Z'),
      await open('2026-09-02T03:20:00Z'),
    ];
    await store.addReceipt(done, 'resultReceipt', 'proof');
    await store.answer(done, played.close(done));
    expect(rounds(await store.pending(now))).toEqual([done, waiting]);
    await store.addReceipt(done, 'answerReceipt', 'proof');
    expect(rounds(await store.pending(now))).toEqual([waiting]);
    expect(rounds(await openStore().pending(now))).toEqual([waiting]);
    expect(rounds(await store.all())).toEqual([done, waiting]);
  });

  test('by age comes back when its verdict does', async () => {
    const old = await open('2026-08-01T03:20:00Z');
    expect(rounds(await store.pending(now))).toEqual([old]);
    await store.addReceipt(old, 'resultReceipt', 'proof');
    expect(await store.pending(now)).toEqual([]);
    await store.addVerdict(old, played.decide(old));
    expect(rounds(await store.pending(now))).toEqual([old]);
  });
});
