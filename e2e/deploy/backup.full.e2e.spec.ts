import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import { execa } from 'execa';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { CoordinatorClient } from '#libs/testing';
import { startHandStack, type HandStack } from '../faults/hand-stack.js';
import { entry } from '../stack/entry.js';
import { projectRoot } from '../world/project-root.js';
import { findSystemPostgres, startSystemPostgres, type SystemPostgres } from './system-postgres.js';

const found = findSystemPostgres();
const why = found === null ? ' (skipped: PostgreSQL with pg_dump is not installed)' : '';

/** A place in the first table's compressed rows: what the dump tells of the schema has no sum. */
function withinATable(dump: Buffer): number {
  for (let at = dump.indexOf(0x78); at !== -1; at = dump.indexOf(0x78, at + 1)) {
    try {
      const rows = inflateSync(dump.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH });
      if (rows.length >= 200) return at + 100;
    } catch {
      // No compressed rows begin here.
    }
  }
  throw new Error('the dump holds no compressed rows');
}

describe.skipIf(found === null)(`the database’s backup${why}`, () => {
  let postgres: SystemPostgres;
  let stack: HandStack;
  let backups: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    postgres = await startSystemPostgres(found!.bin);
    stack = await startHandStack();
    await stack.coordinator.stop();
    backups = join(stack.dir, 'backups');
    const [vkeyFile, command] = [join(stack.dir, 'log.vkey'), join(stack.dir, 'repro-quorum')];
    await writeFile(vkeyFile, `${stack.vkey}\n`);
    await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${entry('cli')}' "$@"\n`);
    await chmod(command, 0o755);
    environment = {
      PATH: `${found!.clients}:${process.env['PATH'] ?? ''}`,
      ...{ VKEY: vkeyFile, REPRO_QUORUM: command },
    };
    await create('live');
    await stack.start(postgres.urlOf('live'));
  });
  afterAll(async () => {
    await stack.close();
    await postgres.close();
  });

  const query = async (database: string, sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: postgres.urlOf(database) });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const create = (name: string): Promise<void> => query('postgres', `CREATE DATABASE ${name}`);
  const script = async (
    name: string,
    argument: string,
    database: string,
    more: Record<string, string> = {},
  ) => {
    const { exitCode, stdout, stderr } = await execa(
      join(projectRoot(), 'deploy/backup', name),
      [argument],
      {
        env: { ...environment, DATABASE_URL: postgres.urlOf(database), ...more },
        reject: false,
      },
    );
    return { exitCode, stdout, stderr };
  };
  const backup = async (database = 'live'): Promise<string> => {
    const { exitCode, stdout, stderr } = await script('backup.sh', backups, database);
    expect([exitCode, stderr]).toEqual([0, expect.anything()]);
    return stdout;
  };
  const api = (): CoordinatorClient => new CoordinatorClient(stack.coordinator.url);

  test('and the log’s copy bring back all that was signed, and the log goes on', async () => {
    const [one, two] = stack.builders;
    const first = await api().open({ commit: '0a'.repeat(20) });
    const sealed = one!.seal(await one!.invitation(first));
    await one!.commit(sealed.commit);
    await one!.receipt(sealed.commit);
    const dump = await backup();

    // What comes after the dump is in the copy of the log alone.
    const second = await api().open({ commit: '0b'.repeat(20) });
    const later = two!.seal(await two!.invitation(second));
    await two!.commit(later.commit);
    await two!.receipt(later.commit);
    const log = join(backups, 'log');
    await execa(environment['REPRO_QUORUM']!, [
      'log',
      'export',
      '--database',
      postgres.urlOf('live'),
      '--out',
      log,
    ]);
    const note = await (await api().get('/v1/log/checkpoint')).text();

    await stack.coordinator.kill();
    await query('postgres', 'DROP DATABASE live WITH (FORCE)');
    await create('live');
    const { exitCode, stderr } = await script('restore.sh', dump, 'live', { LOG_COPY: log });
    expect([exitCode, stderr]).toEqual([0, expect.anything()]);

    // Nobody witnesses this log: somebody has to answer for it that the copy is the newest there is.
    await stack.start(postgres.urlOf('live'));
    expect(await api().refused('GET', '/readyz')).toMatchObject({ code: 'log-behind' });
    await stack.coordinator.stop();
    const newest = ['coordinator', 'restore', '--newest', '--vkey', stack.vkey];
    await execa(environment['REPRO_QUORUM']!, [...newest, '--database', postgres.urlOf('live')]);
    await stack.start(postgres.urlOf('live'));
    expect(await (await api().get('/v1/log/checkpoint')).text()).toBe(note);
    const other = two!.seal(await two!.invitation(first));
    await two!.commit(other.commit);
    await two!.receipt(other.commit);
    await one!.close(first);
    await one!.reveal(sealed.result);
    await two!.reveal(other.result);
    const { round } = await api().reportIn('final', first);
    expect(round).toMatchObject({ phase: 'final' });
  });

  test('is not brought into a database that holds anything', async () => {
    const { exitCode, stderr } = await script('restore.sh', await backup(), 'live');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nothing is overwritten')]);
  });

  test('is refused when a bit of it has turned, by its sum, and without the sum by what is in it', async () => {
    const whole = await backup();
    const damaged = join(dirname(whole), `damaged-${basename(whole)}`);
    const bytes = await readFile(whole);
    const at = withinATable(bytes);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    await writeFile(damaged, bytes);
    await create('empty');
    await copyFile(`${whole}.sha256`, `${damaged}.sha256`);
    const bySum = await script('restore.sh', damaged, 'empty');
    expect([bySum.exitCode, bySum.stderr]).toEqual([
      1,
      expect.stringContaining('not what was dumped'),
    ]);
    await writeFile(`${damaged}.sha256`, `${sha256(bytes)}  ${basename(damaged)}\n`);
    const byContent = await script('restore.sh', damaged, 'empty');
    expect(byContent.exitCode).not.toBe(0);
    // All or nothing: what follows finds it empty.
    const whatIsWhole = await script('restore.sh', whole, 'empty');
    expect([whatIsWhole.exitCode, whatIsWhole.stderr]).toEqual([0, expect.anything()]);
  });

  test('of a database that was meddled with is restored, and said to be unsound', async () => {
    await query(
      'empty',
      `SET session_replication_role = replica; UPDATE log_entry SET leaf_hash = sha256('x') WHERE index = 1`,
    );
    const { stdout, exitCode } = await script('backup.sh', join(stack.dir, 'other'), 'empty', {
      VKEY: '',
    });
    expect(exitCode).toBe(0);
    await create('meddled');
    const { exitCode: restored, ...said } = await script('restore.sh', stdout, 'meddled');
    expect([restored, said.stdout + said.stderr]).toEqual([
      4,
      expect.stringContaining('leaf-hash'),
    ]);
  });
});
