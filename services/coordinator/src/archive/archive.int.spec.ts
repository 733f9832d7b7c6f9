import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  attachArchive,
  checkDatabase,
  EnvelopeEntity,
  LogFolder,
  PersistenceError,
} from '#libs/persistence';
import {
  AuditList,
  BuilderHistory,
  OPERATIONS,
  ProposalList,
  ReleaseList,
  RoundGroups,
  RoundList,
} from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { connectDatabase, CoordinatorClient, playRound, useQuorum } from '#libs/testing';
import { ed25519Verifier, parseVkey, type PublicNoteKey } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { archiveRounds, type Archived } from './archive-rounds.js';
import { checkBundle } from './check-bundle.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
let logKey: PublicNoteKey;
let folder: string;
let rounds: readonly string[];
/** A pool of its own: which archive is attached is a pool's own business. */
function databaseUrl(): string {
  const { options } = quorum().dataSource;
  return 'url' in options ? (options.url ?? '') : '';
}
const before = new Map<string, unknown>();

/** Everything that is served of a round, but for what moves with the log. */
async function served(api: CoordinatorClient, round: string): Promise<unknown> {
  const report = { ...(await api.report(round)), log: null };
  const logged = await api.logged(round);
  const bundle = await (await api.get(`/v1/rounds/${round}/bundle`)).text();
  const groups = RoundGroups.parse(await (await api.get(`/v1/rounds/${round}/groups`)).json());
  const acts = AuditList.parse(await (await api.get('/v1/audit')).json()).acts.filter(
    ({ subject }) => subject === `round/${round}`,
  );
  const entries = logged.map(({ envelope, index }) => ({ envelope, index }));
  return { report, logged: entries, bundle, groups, acts };
}

beforeAll(async () => {
  const { api, builders } = quorum();
  logKey = parseVkey((await (await api.get('/v1/log/key')).text()).trim());
  folder = join(quorum().directory, 'archive');
  const group = { name: 'North', members: ['acme', 'bits', 'coop'], threshold: '2', about: null };
  expect((await api.put('/v1/groups/north', group)).ok).toBe(true);
  const decided: string[] = [];
  for (const commit of ['a1', 'a2', 'a3']) {
    decided.push(await playRound(api, builders, commit.repeat(20)));
  }
  rounds = decided;
  for (const round of rounds) before.set(round, await served(api, round));
});

async function archive(choice: { keep: number }, isPruned: boolean): Promise<Archived> {
  const source = await connectDatabase(databaseUrl());
  try {
    return await archiveRounds(source, { choice, folder, logKey, isPruned });
  } finally {
    await source.destroy();
  }
}

async function fsck(withArchive: boolean) {
  const source = await connectDatabase(databaseUrl());
  if (withArchive) attachArchive(source, new LogFolder(join(folder, 'log')));
  const { name: origin, publicKey } = logKey;
  const verifier = ed25519Verifier(origin, publicKey);
  try {
    return await source.transaction('REPEATABLE READ', (manager) =>
      checkDatabase(manager, { origin, publicKey, verifier }),
    );
  } finally {
    await source.destroy();
  }
}

test('old rounds are written with their log, verified by its key, and stay where they were', async () => {
  const { rounds: archived, leaves, pruned } = await archive({ keep: 1 }, false);
  expect(archived.map(({ round }) => round).toSorted()).toEqual(rounds.slice(0, 2).toSorted());
  expect([leaves > 20, pruned]).toEqual([true, 0]);
  for (const { round } of archived) {
    const text = await readFile(join(folder, 'rounds', `${round}.jsonl`), 'utf8');
    expect(await checkBundle(text, logKey)).toBeNull();
    expect(
      await checkBundle(text.replace(/"payload":"eyJ[^"]*"/, '"payload":"e30="'), logKey),
    ).not.toBeNull();
  }
  expect((await fsck(false)).finding).toBeNull();
});

test('nothing is pruned into an archive that does not verify', async () => {
  const { envelope } = await quorum()
    .api.logged(rounds[0]!)
    .then(([first]) => first!);
  const held = await quorum().dataSource.query<{ hash: string }[]>(
    `SELECT encode("leaf_hash", 'hex') AS "hash" FROM "log_entry" WHERE "round" = $1 ORDER BY "index"`,
    [rounds[0]],
  );
  const name = held[0]!.hash;
  const path = join(folder, 'log', 'envelopes', name.slice(0, 2), `${name}.json`);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(envelope.payload);
  const count = () => quorum().dataSource.getRepository(EnvelopeEntity).count();
  const stored = await count();
  await writeFile(path, text.replace('"payload":"e', '"payload":"f'));
  await expect(archive({ keep: 1 }, true)).rejects.toThrow(PersistenceError);
  expect(await count()).toBe(stored);
  await writeFile(path, text);
});

test('what is pruned is served from the archive as it was, and verifies with it', async () => {
  const count = () => quorum().dataSource.getRepository(EnvelopeEntity).count();
  const stored = await count();
  const { pruned } = await archive({ keep: 1 }, true);
  expect(pruned).toBeGreaterThan(10);
  expect(await count()).toBe(stored - pruned);
  const started = await quorum().start({ ARCHIVE_DIR: folder });
  const api = new CoordinatorClient(started.url);
  for (const round of rounds) expect(await served(api, round)).toEqual(before.get(round));
  expect(await fsck(true)).toMatchObject({ finding: null, rounds: rounds.length });
  expect(await api.metric('quorum_archived_rounds')).toBe(2);
  // The log goes on over what is elsewhere.
  const next = await api.open({ commit: 'a4'.repeat(20) });
  expect((await api.report(next)).round?.phase).toBe('open');
  await quorum().stop(started);
});

test('without the archive nobody is told less than there was: they are told where it is', async () => {
  const { api } = quorum();
  const [round] = rounds;
  const own = `/v1/rounds/${round!}`;
  for (const path of [`${own}/report`, `${own}/attestations`, '/v1/audit']) {
    const refused = await api.refused('GET', path);
    expect(refused).toMatchObject({ status: 410, code: 'archived' });
    expect(refused.detail).toContain(folder);
  }
  // Lists are read from what stays, and have it as before.
  for (const [list, key] of [
    ['/v1/rounds', 'rounds'],
    ['/v1/releases', 'releases'],
    [`/v1/attestations?round=${round!}`, 'attestations'],
    ['/v1/artifacts', 'artifacts'],
  ] as const) {
    const page = (await (await api.get(list)).json()) as Record<string, unknown[]>;
    expect(JSON.stringify(page[key]), list).toContain(round);
  }
  await expect(fsck(false)).rejects.toThrow(`lies in the archive ${folder}`);
  const { sha256 } = (
    await quorum().dataSource.query<{ sha256: string }[]>(
      'SELECT "bundle_sha256" AS "sha256" FROM "archived_round" WHERE "round" = $1',
      [round],
    )
  )[0]!;
  expect((await api.refused('GET', `/v1/rounds/${round!}/report`)).detail).toContain(sha256);
});

test('each route that needs what lies there says so in the description of the API', async () => {
  const { api, builders } = quorum();
  const refused: string[] = [];
  for (const { id, method, path, problems } of OPERATIONS) {
    if (method !== 'GET' || (path.includes('{') && !path.includes('{round}'))) continue;
    const address = path.replace('{round}', rounds[0]!).replace('{builder}', builders[0]!.id);
    const response = await fetch(`${api.url}${address}`);
    await response.body?.cancel();
    if (response.status !== 410) continue;
    refused.push(id);
    expect(problems, id).toContain('archived');
  }
  expect(refused).toEqual(expect.arrayContaining(['getRoundReport', 'listAdminActs']));
});

test('lists say which rounds lie in an archive', async () => {
  const { api, builders } = quorum();
  const marked = (line: { round: string; archived?: true | undefined }): boolean =>
    line.archived === true;
  const inArchive = rounds.slice(0, 2).toSorted();
  const list = RoundList.parse(await (await api.get('/v1/rounds')).json());
  expect(
    list.rounds
      .filter(marked)
      .map(({ round }) => round)
      .toSorted(),
  ).toEqual(inArchive);
  expect(list.rounds.length).toBeGreaterThan(2);
  const releases = ReleaseList.parse(await (await api.get('/v1/releases')).json());
  const newest = releases.releases.map((release) => release.newest);
  expect(
    newest
      .filter(marked)
      .map(({ round }) => round)
      .toSorted(),
  ).toEqual(inArchive);
  const path = `/v1/builders/${builders[0]!.id}/rounds`;
  const history = BuilderHistory.parse(await (await api.get(path)).json());
  expect(
    history.rounds
      .filter(marked)
      .map(({ round }) => round)
      .toSorted(),
  ).toEqual(inArchive);
});

test('an archive is gone on with, and one that was meddled with is no evidence', async () => {
  const again = await archive({ keep: 0 }, false);
  expect(again.rounds.map(({ round }) => round)).toEqual([rounds[2]]);
  const [{ hash }] = (await quorum().dataSource.query<{ hash: string }[]>(
    `SELECT encode("leaf_hash", 'hex') AS "hash" FROM "log_entry" WHERE "round" = $1 LIMIT 1`,
    [rounds[1]],
  )) as [{ hash: string }];
  await rm(join(folder, 'log', 'envelopes', hash.slice(0, 2), `${hash}.json`));
  await expect(fsck(true)).rejects.toThrow('is missing');
});

test('where another folder is read than the one that has it, both are named', async () => {
  const other = join(quorum().directory, 'other');
  const source = await connectDatabase(databaseUrl());
  const request = { choice: { keep: 0 }, folder: other, logKey, isPruned: true };
  const refused = await archiveRounds(source, request).catch(String);
  expect(refused).toContain(`lies in the archive ${folder}`);
  expect(refused).toContain(`in ${join(other, 'log')}, which is read`);
  await source.destroy();
});

test('evidence is still refused every change after a pruning', async () => {
  await expect(quorum().dataSource.query('DELETE FROM "envelope"')).rejects.toThrow(
    'only ever added',
  );
});

test('a list of proposals says where the newest round lies in an archive', async () => {
  const { dataSource, api } = quorum();
  await dataSource.query(
    `INSERT INTO "proposal" ("id", "title", "url", "decision", "evidence", "archived_at")
     VALUES ('7', '', '', '{"kind":"elects"}', '', now()), ('8', '', '', '{"kind":"elects"}', '', now())`,
  );
  const about = `UPDATE "round" SET "proposal_id" = $1 WHERE "id" = $2`;
  await dataSource.query(about, ['7', rounds[0]]);
  await dataSource.query(about, ['8', rounds[2]]);
  const { proposals } = ProposalList.parse(await (await api.get('/v1/proposals')).json());
  expect(proposals.map(({ proposal, newest }) => [proposal, newest?.archived])).toEqual([
    ['8', undefined],
    ['7', true],
  ]);
});
