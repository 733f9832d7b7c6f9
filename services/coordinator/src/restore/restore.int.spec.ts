import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  createSigner,
  envelopeDigest,
  signatureOf,
  signStatement,
} from '#libs/attestation';
import { canonicalJson } from '#libs/encoding';
import {
  appendToLog,
  checkCopy,
  checkDatabase,
  CheckpointEntity,
  copyLog,
  type entities,
  HttpSource,
  lockLog,
  LogEntryEntity,
  LogFolder,
  LogNodeEntity,
  OutgoingEntity,
  readConsistencyProof,
  RoundBuilderEntity,
  RoundEntity,
} from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  CoordinatorClient,
  takeBackup,
  useBackups,
  useQuorum,
  type Backup,
  type HandBuilder,
  type SealedResult,
} from '#libs/testing';
import { ed25519Verifier, logEntry, verifyConsistency } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { restore } from './restore.js';

const origin = 'log.example/spec';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});

let directory: string;
let copy: string;
let old: Backup;
let round: string;
let sealed: readonly SealedResult[];
let seen: CheckpointEntity;
const databaseOf = useBackups();

const request = (folder: string) => {
  const { publicKey } = quorum().signer;
  const verifier = ed25519Verifier(origin, publicKey);
  return { origin, publicKey, verifier, source: new LogFolder(folder), rootKey: undefined };
};

const check = async (source: DataSource) =>
  source.transaction('REPEATABLE READ', async (manager) => checkDatabase(manager, request(copy)));

/** What a table holds. */
/** When an entry came into this very database is no evidence, and the one thing that does not come back. */
const withoutTime = (key: string, value: unknown): unknown => (key === 'loggedAt' ? null : value);

async function stored(source: DataSource, entity: (typeof entities)[number]): Promise<unknown> {
  const rows = await source.manager.find(entity);
  return rows.map((row) => JSON.stringify(row, withoutTime)).toSorted();
}

async function commit(builder: HandBuilder, id: string): Promise<SealedResult> {
  const result = builder.seal(await builder.invitation(id));
  await builder.commit(result.commit);
  await builder.receipt(result.commit);
  return result;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-restore-'));
  copy = join(directory, 'copy');
  const { api, builders, dataSource } = quorum();
  const [acme, bits, coop] = builders;
  const first = await api.open({ commit: '0a'.repeat(20) });
  await commit(acme!, first);
  await copyLog(new HttpSource(api.url), new LogFolder(copy));
  old = await takeBackup(dataSource);

  await api.close(first);
  round = await api.open({ commit: '0b'.repeat(20), builders: [acme!.id, bits!.id] });
  await api.post(`/v1/rounds/${round}/amend`, { builders: [coop!.id] });
  sealed = [await commit(acme!, round), await commit(bits!, round)];
  await copyLog(new HttpSource(api.url), new LogFolder(copy));
  [seen] = (await dataSource.manager.find(CheckpointEntity, {
    order: { size: 'DESC' },
    take: 1,
  })) as [CheckpointEntity];
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a copy of a log', () => {
  test('that was made in two goes is whole, and can be verified with the key alone', async () => {
    const checked = await checkCopy(new LogFolder(copy), request(copy));
    expect(checked).toEqual({ leaves: seen.size, checkpoints: 1, finding: null });
  });

  test('that is up to date is not written again', async () => {
    const again = await copyLog(new HttpSource(quorum().api.url), new LogFolder(copy));
    expect(again).toEqual({ size: seen.size, tiles: 0, envelopes: 0 });
  });

  test('of which somebody took the key’s word only is refused for another key', async () => {
    const other = createSigner(new Uint8Array(32).fill(99));
    const verifier = ed25519Verifier(origin, other.publicKey);
    const { finding } = await checkCopy(new LogFolder(copy), { origin, verifier });
    expect(finding).toMatchObject({ code: 'checkpoint' });
  });
});

/** One way to spoil a copy, and what is said of it. */
const damages: readonly [string, (folder: string) => Promise<void>, string][] = [
  [
    'a note that says more',
    (folder) => edit(join(folder, 'checkpoint'), (text) => text.replace(/\n\d+\n/, '\n999\n')),
    'checkpoint',
  ],
  [
    'entries that were cut',
    async (folder) => truncate(await newestIn(join(folder, 'tile/entries')), 100),
    'tile',
  ],
  [
    'an entry that was rewritten',
    async (folder) =>
      edit(await newestIn(join(folder, 'tile/entries')), (text) => text.replace('0.0.2', '0.0.3')),
    'tile',
  ],
  ['a tile that is gone', async (folder) => rm(await newestIn(join(folder, 'tile/0'))), 'tile'],
  ['an envelope that is gone', async (folder) => rm(await envelopeIn(folder)), 'envelope'],
  [
    'an envelope that was altered',
    async (folder) =>
      edit(await envelopeIn(folder), (text) => text.replace('payload"', 'payl0ad"')),
    'envelope',
  ],
  [
    'an envelope spelt otherwise',
    async (folder) => edit(await envelopeIn(folder), (text) => `${text} `),
    'envelope',
  ],
  [
    'an envelope with another signature',
    async (folder) =>
      edit(await envelopeIn(folder), (text) => text.replace(/"sig":"../, '"sig":"AA')),
    'entry',
  ],
];

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'latin1');
  expect(change(text)).not.toBe(text);
  await writeFile(path, change(text), 'latin1');
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The widest partial tile: that of the newest tree. */
async function newestIn(folder: string): Promise<string> {
  const widths = (await filesIn(folder)).toSorted(
    (a, b) => Number(a.split('/').at(-1)) - Number(b.split('/').at(-1)),
  );
  return widths.at(-1)!;
}

/** The envelope of the newest leaf. */
async function envelopeIn(folder: string): Promise<string> {
  const { dataSource } = quorum();
  const row = await dataSource.manager.findOneByOrFail(LogEntryEntity, { index: seen.size - 1 });
  const name = row.leafHash.toString('hex');
  return join(folder, 'envelopes', name.slice(0, 2), `${name}.json`);
}

describe('a copy that was spoilt is named so, and brings nothing back:', () => {
  test.each(damages)('%s', async (what, damage, code) => {
    const spoilt = join(directory, what.replaceAll(' ', '-'));
    await cp(copy, spoilt, { recursive: true });
    await damage(spoilt);
    const { finding } = await checkCopy(new LogFolder(spoilt), request(spoilt));
    expect(finding).toMatchObject({ code });
    const { source } = await databaseOf(old);
    const before = await takeBackup(source);
    await expect(restore(source, request(spoilt))).rejects.toThrow();
    expect(await takeBackup(source)).toEqual(before);
  });

  test('a database that is not sound itself', async () => {
    const spoilt = old
      .get('log_node')!
      .map((row) => (row['index'] === 1 ? { ...row, hash: `\\x${'00'.repeat(32)}` } : row));
    const { source } = await databaseOf(new Map(old).set('log_node', spoilt));
    await expect(restore(source, request(copy))).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
  });

  test('a database of another history', async () => {
    const { source } = await databaseOf(new Map());
    const other = createSigner(new Uint8Array(32).fill(99));
    const envelope = signStatement({ hello: 'world' }, other);
    const entry = logEntry({
      ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope) },
      publicKey: other.publicKey,
    });
    const [envelopeSha256, body] = [envelopeDigest(envelope), canonicalJson(envelope)];
    const label = { kind: 'commit', round: 'aa', builder: null } as const;
    await source.transaction(async (manager) => {
      await lockLog(manager);
      await appendToLog(manager, [{ ...label, envelopeSha256, body, entry }], new Date());
    });
    await expect(restore(source, request(copy))).rejects.toMatchObject({ code: 'COPY_UNUSABLE' });
  });
});

describe('a database that was restored from an older backup', () => {
  test('is brought up to what was signed, goes on from there, and contradicts nobody', async () => {
    const { source, url } = await databaseOf(old);
    const { from, size, rounds } = await restore(source, request(copy));
    expect([from, size]).toEqual([old.get('log_entry')!.length, seen.size]);
    expect(rounds).toHaveLength(2);
    expect((await check(source)).finding).toBeNull();
    for (const entity of [LogEntryEntity, LogNodeEntity, RoundEntity, RoundBuilderEntity]) {
      expect(await stored(source, entity)).toEqual(await stored(quorum().dataSource, entity));
    }
    const waiting = await source.manager.countBy(OutgoingEntity, { round });
    expect(waiting).toBe(3);
    expect(await restore(source, request(copy))).toEqual({ from: size, size, rounds: [] });

    await quorum().stopAll();
    // The copy may be older than what was signed, and no witness is there to say so.
    const doubtful = await quorum().start({ DATABASE_URL: url });
    expect(await new CoordinatorClient(doubtful.url).refused('GET', '/readyz')).toMatchObject({
      ...{ status: 503, code: 'log-behind' },
      detail: expect.stringContaining('with --newest') as unknown,
    });
    await quorum().stop(doubtful);
    const answeredFor = { ...request(copy), source: null, isNewest: true };
    const other = { ...answeredFor, origin: 'log.example/another' };
    await expect(restore(source, other)).rejects.toThrow('not one of this log and its key');
    expect(await restore(source, answeredFor)).toEqual({ from: size, size, rounds: [] });
    const api = new CoordinatorClient((await quorum().start({ DATABASE_URL: url })).url);
    const [acme, bits, coop] = quorum().builders;
    const last = await commit(coop!, round);
    for (const [builder, result] of [
      [acme!, sealed[0]!],
      [bits!, sealed[1]!],
      [coop!, last],
    ] as const) {
      await builder.close(round);
      await builder.reveal(result.result);
    }
    const report = await api.reportIn('final', round);
    expect(report.artifacts.map(({ verdict }) => verdict)).toEqual(
      report.artifacts.map(() => 'reproduced'),
    );
    const [newest] = await source.manager.find(CheckpointEntity, {
      order: { size: 'DESC' },
      take: 1,
    });
    verifyConsistency({
      ...{ size1: BigInt(seen.size), root1: new Uint8Array(seen.root) },
      ...{ size2: BigInt(newest!.size), root2: new Uint8Array(newest!.root) },
      proof: await readConsistencyProof(source.manager, seen.size, newest!.size),
    });
    expect((await check(source)).finding).toBeNull();
  });
});
