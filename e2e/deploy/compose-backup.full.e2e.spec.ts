import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CoordinatorClient } from '#libs/testing';
import { startHandStack, type HandStack } from '../faults/hand-stack.js';
import { entry } from '../stack/entry.js';
import { projectRoot } from '../world/project-root.js';
import { findSystemPostgres, startSystemPostgres, type SystemPostgres } from './system-postgres.js';

const found = findSystemPostgres();
const why = found === null ? ' (skipped: PostgreSQL with pg_dump is not installed)' : '';

/**
 * Runs what compose would run in a container of a service: with that service's variables and programs
 * alone, on the database of the spec, and on the folders that are mounted.
 */
const PODMAN_COMPOSE = String.raw`#!/usr/bin/env bash
set -eu
command=$1; shift
case $command in
  exec) [[ "$1 $2" == '-T postgres' ]]; exec "${'$'}{@:3}" ;;
  stop | up) exit 0 ;;
esac
mounts=()
while [[ $1 == -* ]]; do
  case $1 in
    -v) mounts+=("$2"); shift 2 ;;
    -e) export "$2"; shift 2 ;;
    --rm) shift ;;
  esac
done
service=$1; [[ "$2 $3" == 'sh -c' ]]; script=$4
for mount in "${'$'}{mounts[@]}"; do
  IFS=: read -r from to _ <<<"$mount"
  script=${'$'}{script//"$to"/"$from"}
done
case $service in
  postgres) export PATH=$CLIENTS:/usr/bin:/bin POSTGRES_PASSWORD=postgres ;;
  migrations) export PATH=$OURS:/usr/bin:/bin DATABASE_URL=$QUORUM_URL ;;
esac
exec sh -c "${'$'}{script//'postgres://quorum:$POSTGRES_PASSWORD@postgres:5432/quorum'/'$QUORUM_URL'}"
`;

describe.skipIf(found === null)(`backups with compose, word for word${why}`, () => {
  let postgres: SystemPostgres;
  let stack: HandStack;
  let blocks: string[];

  beforeAll(async () => {
    postgres = await startSystemPostgres(found!.bin);
    stack = await startHandStack();
    await stack.coordinator.stop();
    await query('postgres', 'CREATE ROLE quorum SUPERUSER LOGIN');
    await query('postgres', 'CREATE DATABASE quorum OWNER quorum');
    await stack.start(postgres.urlOf('quorum'));
    await new CoordinatorClient(stack.coordinator.url).open({ commit: '0a'.repeat(20) });
    await stack.coordinator.stop();
    await program(
      'ours/repro-quorum',
      `#!/bin/sh\nexec '${process.execPath}' '${entry('cli')}' "$@"\n`,
    );
    await program('bin/podman-compose', PODMAN_COMPOSE);
    await writeFile(join(stack.dir, 'log.vkey'), `${stack.vkey}\n`);
    for (const name of ['dumps', 'log'])
      await mkdir(join(stack.dir, 'backup', name), { recursive: true });
    blocks = await blocksOf('### With compose');
  });
  afterAll(async () => {
    await stack.close();
    await postgres.close();
  });

  const program = async (name: string, text: string): Promise<void> => {
    const path = join(stack.dir, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
  };
  const query = async (database: string, sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: postgres.urlOf(database) });
    await client.connect();
    return (await client.query<object>(sql).finally(() => client.end())).rows;
  };
  const type = async (block: string): Promise<string> => {
    const text = block
      .replaceAll('/srv/backup', join(stack.dir, 'backup'))
      .replaceAll('log.vkey', join(stack.dir, 'log.vkey'));
    const { stdout, stderr } = await execa('bash', ['-euc', text], {
      cwd: join(projectRoot(), 'deploy'),
      env: {
        PATH: `${join(stack.dir, 'bin')}:${found!.clients}:${process.env['PATH'] ?? ''}`,
        ...{ CLIENTS: found!.clients, OURS: join(stack.dir, 'ours') },
        QUORUM_URL: postgres.urlOf('quorum'),
        PGHOST: new URL(postgres.urlOf('quorum').replace('@/', '@x/')).searchParams.get('host')!,
      },
    });
    return stdout + stderr;
  };

  test('leave a dump and a copy of the log that is sound', async () => {
    expect(await type(blocks[1]!)).toMatch(/quorum-\S+\.dump\n[^]*sound: /);
    expect(await readdir(join(stack.dir, 'backup/dumps'))).toContainEqual(
      expect.stringMatching(/\.dump\.sha256$/),
    );
  });

  test('bring it back into a new database, and leave the old one', async () => {
    const names = await readdir(join(stack.dir, 'backup/dumps'));
    const dump = names.find((name) => name.endsWith('.dump'))!;
    expect(await type(blocks[2]!.replace(/quorum-\d+T\d+Z\.dump/, dump))).toContain('sound: ');
    const counted = 'SELECT count(*) AS leaves FROM log_entry';
    expect(await query('quorum', counted)).toEqual(await query('quorum_before', counted));
  });
});

/** The shell's blocks of a section of the page. */
async function blocksOf(title: string): Promise<string[]> {
  const page = await readFile(join(projectRoot(), 'docs/backup.md'), 'utf8');
  const [, after = ''] = page.split(`${title}\n`);
  const [section = ''] = after.split(/^##? /m);
  return [...section.matchAll(/```sh\n([^]*?)```/g)].map(([, text = '']) => text);
}
