import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import {
  FileBytesAnswer,
  FileChunksAnswer,
  ManifestPagesAnswer,
  MAX_ANSWER_BYTES,
  SUBJECTS,
} from '#libs/contracts';
import { asSha256, fromBase64, sha256 } from '#libs/encoding';
import { decodeRoot } from '#libs/manifest';
import { askBuilder } from '#libs/messaging';
import { makeResult, natsUrl, signCommit, signResult } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { buildArchive } from './built.fixture.js';
import { KeptStoreService } from './kept-store.service.js';
import { ManifestsService } from './manifests.service.js';
import { privateValuesOf } from './private-value.js';
import { QuestionsService } from './questions.service.js';

const ARTIFACT = 'guestos/update-img';
const LOG = 'built on alpha by ada in /home/ada/ic\n';
const LOCATION = ['', '', 'etc/built'];
const VALUES = privateValuesOf({
  hostnames: ['alpha'],
  users: ['ada'],
  homes: ['/home/ada'],
  buildPaths: [],
});
const played = playCoordinator();

const nats = useConnection(natsUrl);

let seeds = 40;
let builder = signerOf(1);
let dir: string;
let jobs: JobStoreService;
beforeEach(async () => {
  builder = signerOf((seeds += 1));
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
});

/** A round whose build is sealed, its manifests made; its result is not logged yet. */
interface BuiltRound {
  readonly round: string;
  readonly root: string;
  readonly sha256: string;
  /** What the log says to the result, when it comes. */
  readonly receipt: string;
}

async function buildRound(more: Readonly<Record<string, string>> = {}): Promise<BuiltRound> {
  const { round, envelope, open } = played.open([builder]);
  await jobs.add(round, envelope);
  const output = await buildArchive(dir, ARTIFACT, {
    'etc/built': LOG,
    'etc/large': Buffer.alloc(300_000, 'x'),
    'usr/one': '1',
  });
  const config = configBelow(dir, more);
  onTestFinished(async () => {});
  const progress = new ProgressService(nats(), builder);
  const manifests = new ManifestsService(config, jobs, new KeptStoreService(config), progress);
  const signal = new AbortController().signal;
  const roots = await manifests.make(round, [output], VALUES, signal);
  const result = signResult(
    makeResult({ round, release: open.release, builder: builder.id }),
    builder,
  );
  await jobs.seal(round, { result, commit: signCommit(round, result, builder) });
  const receipt = played.log(result, builder.publicKey);
  return { round, receipt, root: roots.get(ARTIFACT) ?? '', sha256: output.sha256 };
}

async function shownRound(more: Readonly<Record<string, string>> = {}): Promise<BuiltRound> {
  const built = await buildRound(more);
  await jobs.addReceipt(built.round, 'resultReceipt', built.receipt);
  return built;
}

/** Starts to answer from what is on disk, as an agent that starts anew would. */
async function answer(more: Readonly<Record<string, string>> = {}): Promise<QuestionsService> {
  const config = configBelow(dir, more);
  const kept = new KeptStoreService(config);
  await kept.onModuleInit();
  const service = new QuestionsService(config, builder, nats(), jobs, kept);
  service.onModuleInit();
  await nats().flush();
  onTestFinished(() => service.onApplicationShutdown());
  return service;
}

async function ask<T>(subject: string, schema: z.ZodType<T>, body: object | string): Promise<T> {
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  const question = { subject, builder: builder.id, body: data, timeoutMs: 30_000 };
  const reply = await askBuilder(nats(), question);
  return schema.parse(reply.json());
}
const askPages = (over: object): Promise<ManifestPagesAnswer> =>
  ask(SUBJECTS.manifestPages, ManifestPagesAnswer, {
    ...{ artifact: ARTIFACT, digests: [sha256('none')] },
    ...over,
  });
const askBytes = (over: object): Promise<FileBytesAnswer> =>
  ask(SUBJECTS.fileBytes, FileBytesAnswer, {
    ...{ artifact: ARTIFACT, location: LOCATION, offset: 0, length: 1_000 },
    ...over,
  });
const askChunks = (over: object): Promise<FileChunksAnswer> =>
  ask(SUBJECTS.fileChunks, FileChunksAnswer, {
    ...{ artifact: ARTIFACT, location: LOCATION, chunkBytes: 512, first: 0, count: 4 },
    ...over,
  });
const textOf = (shown: FileBytesAnswer): string =>
  'bytes' in shown ? Buffer.from(fromBase64(shown.bytes)).toString() : shown.refused;

describe('once the log has its result, a builder answers', () => {
  test('with pages of the manifest whose root it signed, and null for what it does not have', async () => {
    const { round, root } = await shownRound();
    await answer();
    const told = await askPages({ round, digests: [root, sha256('none'), root] });
    const pages = 'pages' in told ? told.pages : [];
    expect(pages).toHaveLength(3);
    expect([pages[1], pages[2]]).toEqual([null, pages[0]]);
    const node = decodeRoot(fromBase64(pages[0] ?? ''), asSha256(root));
    expect(node.inside?.form).toBe('zstd');
  });

  test('with bytes of a file, its own private values masked and named', async () => {
    const { round } = await shownRound();
    await answer();
    const shown = await askBytes({ round });
    expect(textOf(shown)).toBe('built on ##### by ### in #########/ic\n');
    expect('masks' in shown && shown.masks.map(({ fact }) => fact)).toEqual([
      'machine.hostname',
      'user.name',
      'user.home',
    ]);
    expect(textOf(await askBytes({ round, offset: 11, length: 4 }))).toBe('### ');
    expect(textOf(await askBytes({ round, offset: 5_000 }))).toBe('');
  });

  test('with digests of the pieces of a file', async () => {
    const { round } = await shownRound();
    await answer();
    expect(await askChunks({ round })).toEqual({ sizeBytes: LOG.length, digests: [sha256(LOG)] });
    const large = {
      round,
      location: ['', '', 'etc/large'],
      chunkBytes: 100_000,
      first: 2,
      count: 9,
    };
    expect(await askChunks(large)).toEqual({
      sizeBytes: 300_000,
      digests: [sha256(Buffer.alloc(100_000, 'x'))],
    });
  });

  test('also after it was started anew, and as often as it is asked', async () => {
    const { round } = await shownRound();
    const first = await answer();
    const before = await askBytes({ round });
    await first.onApplicationShutdown();
    await answer();
    expect(await askBytes({ round })).toEqual(before);
    expect(await askBytes({ round })).toEqual(before);
  });
});

describe('a builder answers nothing', () => {
  test('of a round whose log does not have its result, not even whether there is one', async () => {
    const { round, root, receipt } = await buildRound();
    const { round: unknown } = played.open([builder]);
    await answer();
    for (const asked of [round, unknown, sha256('no round')]) {
      expect(await askPages({ round: asked, digests: [root] })).toEqual({
        refused: 'not-revealed',
      });
      expect(await askChunks({ round: asked })).toEqual({ refused: 'not-revealed' });
      expect(await askBytes({ round: asked })).toEqual({ refused: 'not-revealed' });
    }
    await jobs.addReceipt(round, 'resultReceipt', receipt);
    expect(await askPages({ round, digests: [root] })).toHaveProperty('pages');
  });

  test('of what it did not build, or does not have any more', async () => {
    const { round, root } = await shownRound();
    expect(root).not.toBe('');
    await answer({ KEPT_IMAGES_BYTES: '0' });
    expect(await askBytes({ round, artifact: 'hostos/update-img' })).toEqual({
      refused: 'no-such-artifact',
    });
    // A smaller budget took the image; the manifest is still there.
    expect(await askBytes({ round })).toEqual({ refused: 'not-kept' });
    expect(await askPages({ round, digests: [root] })).toHaveProperty('pages');
    await rm(join(dir, 'state/kept', round), { recursive: true });
    expect(await askPages({ round })).toEqual({ refused: 'not-kept' });
  });

  test('in bytes where it does not know any more what is private in them', async () => {
    const { round } = await shownRound();
    await rm(join(jobs.folder(round), 'private-values.json'));
    await answer();
    expect(await askBytes({ round })).toEqual({ refused: 'not-kept' });
  });

  test.each(['pages', 'off'])(
    'that its operator does not want answered: EXPLAIN=%s',
    async (EXPLAIN) => {
      const { round, root } = await shownRound();
      await answer({ EXPLAIN });
      const switchedOff = { refused: 'switched-off' };
      expect(await askBytes({ round })).toEqual(switchedOff);
      expect(await askChunks({ round })).toEqual(switchedOff);
      const pages = await askPages({ round, digests: [root] });
      expect('pages' in pages).toBe(EXPLAIN === 'pages');
    },
  );

  test.each<[string, readonly string[]]>([
    ['climbs', ['', '', '../../../../etc/passwd']],
    ['climbs by steps', ['', '..', '..', 'etc', 'passwd']],
    ['is a path of this machine', ['/etc/passwd']],
    ['begins with one', ['/etc', '', 'etc/built']],
    ['has a zero byte', ['', '', 'etc/built\0']],
    ['is a folder', ['', '', 'etc']],
    ['goes on beyond a file', ['', '', 'etc/built', '']],
    ['is an archive and no name', ['', '', '']],
  ])('at a location that %s: it leads nowhere but into the image', async (_what, location) => {
    const { round } = await shownRound();
    await answer();
    expect(await askBytes({ round, location })).toEqual({ refused: 'no-such-file' });
    expect(await askChunks({ round, location })).toEqual({ refused: 'no-such-file' });
  });

  test.each<[string, object | string]>([
    ['no JSON', 'round'],
    ['JSON of another form', '[1]'],
    ['a round that is a path', { round: '../..', artifact: ARTIFACT, digests: [sha256('')] }],
    ['a page that is a path', { round: sha256(''), artifact: ARTIFACT, digests: ['../key.pem'] }],
    [
      'a field that nobody knows',
      { round: sha256(''), artifact: ARTIFACT, digests: [], path: '/' },
    ],
  ])('to %s', async (_what, body) => {
    await answer();
    expect(await ask(SUBJECTS.manifestPages, ManifestPagesAnswer, body)).toEqual({
      refused: 'malformed',
    });
  });
});

test('what a disk spoilt is not answered with: nobody shall take it for a lie', async () => {
  const { round, root, sha256: digest } = await shownRound();
  const folder = join(dir, 'state/kept', round);
  await writeFile(join(folder, `${digest}.manifest`), 'spoilt');
  await writeFile(join(folder, `${digest}.image`), Buffer.from('28b52ffd00', 'hex'));
  await answer();
  expect(await askPages({ round, digests: [root] })).toEqual({ refused: 'unreadable' });
  // An archive that is none has no members.
  expect(await askBytes({ round })).toEqual({ refused: 'no-such-file' });
});

test('who asks without end is told to come again, and the next who asks is answered', async () => {
  const { round, root } = await shownRound();
  await answer();
  const flood = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      at % 2 === 0 ? askBytes({ round }) : askPages({ round, digests: [root] }),
    ),
  );
  const refusals = flood.flatMap((told) => ('refused' in told ? [told.refused] : []));
  expect(new Set(refusals)).toEqual(new Set(['busy']));
  expect(refusals.length).toBeLessThan(200);
  expect(textOf(await askBytes({ round }))).toContain('built on');
});

test('an answer is never larger than a message may be: what does not fit is asked for again', async () => {
  const { round, root } = await shownRound();
  await answer();
  const told = await askPages({ round, digests: Array.from({ length: 64 }, () => root) });
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
});

test('what is private of a build is its owner’s alone on the disk', async () => {
  const { round } = await shownRound();
  expect(await jobs.privateValues(round)).toEqual(VALUES);
  const { mode } = await stat(join(jobs.folder(round), 'private-values.json'));
  expect(mode & 0o777).toBe(0o600);
});
