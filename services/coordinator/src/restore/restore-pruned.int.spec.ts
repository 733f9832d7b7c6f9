import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { beforeAll, expect, test } from 'vitest';
import { parseStatement, signStatement, unverifiedPayload } from '#libs/attestation';
import {
  attachArchive,
  checkDatabase,
  copyLog,
  DatabaseSource,
  LogEntryEntity,
  LogFolder,
  logSize,
  RoundEntity,
} from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  connectDatabase,
  CoordinatorClient,
  playRound,
  takeBackup,
  useBackups,
  useQuorum,
  type Backup,
} from '#libs/testing';
import { ed25519Verifier, parseVkey, type PublicNoteKey } from '#libs/tlog';
import { archiveRounds } from '../archive/archive-rounds.js';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { restore } from './restore.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
const databaseOf = useBackups();
let logKey: PublicNoteKey;
let archive: string;
let copy: string;
let backup: Backup;
let round: string;
let later: string;

/** What a coordinator has that was told where the archive is. */
async function withArchive(): Promise<DataSource> {
  const { options } = quorum().dataSource;
  const source = await connectDatabase('url' in options ? (options.url ?? '') : '');
  attachArchive(source, new LogFolder(join(archive, 'log')));
  return source;
}

function request() {
  const { name: origin, publicKey } = logKey;
  const verifier = ed25519Verifier(origin, publicKey);
  return { origin, publicKey, verifier, source: new LogFolder(copy), rootKey: undefined };
}

beforeAll(async () => {
  const { api, builders, directory } = quorum();
  logKey = parseVkey((await (await api.get('/v1/log/key')).text()).trim());
  [archive, copy] = [join(directory, 'archive'), join(directory, 'copy')];
  round = await playRound(api, builders, '0a'.repeat(20));
  const source = await withArchive();
  const choice = { keep: 0 };
  await archiveRounds(source, { choice, folder: archive, logKey, isPruned: true });
  backup = await takeBackup(source);

  await quorum().stopAll();
  const { url } = await quorum().start({ ARCHIVE_DIR: archive });
  const [acme] = builders;
  const { verdict } = await acme!.verdict(round);
  const answer = signStatement(parseStatement(unverifiedPayload(verdict)), acme!.signer);
  await acme!.answer(round, answer);
  await acme!.receipt(answer);
  later = await playRound(new CoordinatorClient(url), builders, '0b'.repeat(20));
  await copyLog(new DatabaseSource(source.manager), new LogFolder(copy));
  await source.destroy();
});

test('a backup of a pruned database goes on where builders still spoke of what was pruned', async () => {
  const { source } = await databaseOf(backup);
  attachArchive(source, new LogFolder(join(archive, 'log')));
  const { from, size, rounds } = await restore(source, request());
  expect(from).toBeLessThan(size);
  expect(rounds.map(({ row }) => row.id).toSorted()).toEqual([round, later].toSorted());
  const { finding } = await source.transaction('REPEATABLE READ', (manager) =>
    checkDatabase(manager, request()),
  );
  expect(finding).toBeNull();
  const phases = await source.manager.findBy(RoundEntity, { phase: 'final' });
  expect(phases).toHaveLength(2);
  const said = await source.manager.findBy(LogEntryEntity, { round, kind: 'countersignature' });
  expect(said).toHaveLength(1);
});

test('without its archive it is told which round lies where, and stays as it is', async () => {
  const { source } = await databaseOf(backup);
  await expect(restore(source, request())).rejects.toMatchObject({
    code: 'ARCHIVED',
    message: expect.stringContaining(archive) as string,
  });
  expect(await logSize(source.manager)).toBe(backup.get('log_entry')!.length);
});
