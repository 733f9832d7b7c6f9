import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { BuildLogAnswer, LogTailAnswer, MAX_LOG_PIECE_BYTES, SUBJECTS } from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
import { askBuilder } from '#libs/messaging';
import { makeResult, natsUrl, signCommit, signResult } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { LogQuestionsService } from './log-questions.service.js';
import { publicLogPath } from './public-log.js';

const TEXT = 'one line\n'.repeat(100_000);
const played = playCoordinator();

const nats = useConnection(natsUrl);

let seeds = 240;
let builder = signerOf(1);
let dir: string;
let jobs: JobStoreService;
beforeEach(async () => {
  builder = signerOf((seeds += 1));
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
});

async function answer(more: Readonly<Record<string, string>> = {}): Promise<void> {
  const service = new LogQuestionsService(configBelow(dir, more), builder, nats(), jobs);
  service.onModuleInit();
  await nats().flush();
  onTestFinished(() => service.onApplicationShutdown());
}

async function ask<T>(subject: string, schema: z.ZodType<T>, body: object): Promise<T> {
  const question = { subject, builder: builder.id, body: JSON.stringify(body), timeoutMs: 10_000 };
  return schema.parse((await askBuilder(nats(), question)).json());
}
const askPiece = (body: object): Promise<BuildLogAnswer> =>
  ask(SUBJECTS.buildLog, BuildLogAnswer, body);
const askTail = (body: object): Promise<LogTailAnswer> =>
  ask(SUBJECTS.logTail, LogTailAnswer, body);

/** A round whose build goes on; `seal` ends it, and `show` has its result logged. */
async function build(blind: boolean): Promise<{
  readonly round: string;
  readonly logPath: string;
  readonly seal: () => Promise<() => Promise<void>>;
}> {
  const { round, envelope, open } = played.open([builder], { blind });
  await jobs.add(round, envelope);
  const folder = jobs.folder(round);
  await mkdir(folder, { recursive: true });
  const logPath = join(folder, 'build.log');
  await writeFile(logPath, 'begun on 192.0.2.1\n');
  const seal = async (): Promise<() => Promise<void>> => {
    await writeFile(publicLogPath(folder), TEXT);
    const said = makeResult({ round, release: open.release, builder: builder.id });
    const result = signResult(said, builder);
    await jobs.seal(round, { result, commit: signCommit(round, result, builder) });
    const receipt = played.log(result, builder.publicKey);
    return () => jobs.addReceipt(round, 'resultReceipt', receipt);
  };
  return { round, logPath, seal };
}

describe('the log of a build', () => {
  test('is told in pieces once the log has its result, and never before', async () => {
    await answer();
    const { round, seal } = await build(true);
    expect(await askPiece({ round, offset: 0 })).toEqual({ refused: 'not-revealed' });
    const show = await seal();
    expect(await askPiece({ round, offset: 0 })).toEqual({ refused: 'not-revealed' });
    await show();
    const pieces: Buffer[] = [];
    for (let offset = 0; offset < TEXT.length;) {
      const piece = await askPiece({ round, offset });
      if ('refused' in piece) throw new Error(piece.refused);
      expect(piece.sizeBytes).toBe(TEXT.length);
      pieces.push(Buffer.from(fromBase64(piece.bytes)));
      offset += pieces.at(-1)!.length;
    }
    expect(pieces[0]!.length).toBe(MAX_LOG_PIECE_BYTES);
    expect(Buffer.concat(pieces).toString()).toBe(TEXT);
    expect(await askPiece({ round, offset: 1e12 })).toEqual({ sizeBytes: TEXT.length, bytes: '' });
  });

  test('of a round that it never heard of is not told', async () => {
    await answer();
    const round = 'ee'.repeat(32);
    expect(await askPiece({ round, offset: 0 })).toEqual({ refused: 'not-revealed' });
    expect(await askTail({ round, fromByte: null })).toEqual({ refused: 'not-revealed' });
    expect(await askPiece({ round: '../..', offset: 0 })).toEqual({ refused: 'malformed' });
  });
});

describe('the end of a log', () => {
  test('is told while it is built, masked, and not after', async () => {
    await answer();
    const { round, logPath, seal } = await build(false);
    const first = { fromByte: 0, nextByte: 19, text: 'begun on <address>\n' };
    expect(await askTail({ round, fromByte: null })).toEqual(first);
    await appendFile(logPath, 'next\n');
    const second = { fromByte: 19, nextByte: 24, text: 'next\n' };
    expect(await askTail({ round, fromByte: 19 })).toEqual(second);
    await seal();
    expect(await askTail({ round, fromByte: 24 })).toEqual({ refused: 'not-revealed' });
  });

  test('of a blind round is never told', async () => {
    await answer();
    const { round } = await build(true);
    expect(await askTail({ round, fromByte: null })).toEqual({ refused: 'not-revealed' });
  });
});

test('an operator that shows no logs answers nothing of them', async () => {
  await answer({ SHOW_LOGS: 'no' });
  const { round, seal } = await build(false);
  await (
    await seal()
  )();
  expect(await askPiece({ round, offset: 0 })).toEqual({ refused: 'switched-off' });
  expect(await askTail({ round, fromByte: null })).toEqual({ refused: 'switched-off' });
});
