import { once } from 'node:events';
import { chown, readFile, readdir, readlink } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startNats, startPostgres } from './index.js';
import { pollUntil } from './poll.js';
import { isRoot, scratchDirectory, stopping } from './scratch.fixture.js';

const NOBODY = 65_534;
const GONE_WITHIN_MS = 10_000;

/** Lets a plain Node run the sources: they name their neighbours by the names of the built files. */
const HOOK = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (name, context, next) =>
      next(/^\\.\\/.*\\.js$/.test(name) && context.parentURL?.includes('/libs/embedded/')
        ? name.replace(/\\.js$/, '.ts') : name, context),
  });`;

const PARENT = `
  const { startNats, startPostgres } = await import(process.argv[1]);
  const postgres = await startPostgres({ dataDir: process.argv[2] + '/pg', durable: false });
  const nats = await startNats({ dataDir: process.argv[2] + '/nats', durable: false });
  console.log(JSON.stringify({ postgres: postgres.url, nats: nats.url }));
  setInterval(() => {}, 1000);`;

interface Family {
  readonly urls: { readonly postgres: string; readonly nats: string };
  readonly kill: () => Promise<unknown>;
}

/** Starts a process that starts both servers, as the given user. */
async function startFamily(directory: string, uid?: number): Promise<Family> {
  const sources = pathToFileURL(resolve('libs/embedded/src/index.ts')).href;
  const dropped = ['--reuid', `${uid ?? ''}`, '--regid', `${uid ?? ''}`, '--clear-groups', '--'];
  const parent = execa(
    uid === undefined ? 'env' : 'setpriv',
    [
      ...(uid === undefined ? [] : dropped),
      ...[
        process.execPath,
        '--experimental-transform-types',
        '--disable-warning=ExperimentalWarning',
      ],
      ...['--import', `data:text/javascript,${encodeURIComponent(HOOK)}`],
      ...['--input-type=module', '--eval', PARENT, sources, directory],
    ],
    { reject: false, stderr: 'inherit' },
  );
  const kill = () => {
    parent.kill('SIGKILL');
    return parent;
  };
  onTestFinished(async () => {
    await kill();
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { urls: JSON.parse(line.toString()) as Family['urls'], kill };
}

/** Finds a process that works in, or was told of, a directory. */
async function serverUnder(directory: string): Promise<string | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const told = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (`${told}\0${place}`.includes(`${directory}/`)) return pid;
  }
  return undefined;
}

async function expectVacant(directory: string): Promise<void> {
  const isVacant = async () => (await serverUnder(directory)) === undefined;
  expect(await pollUntil(GONE_WITHIN_MS, isVacant)).toBe(true);
}

/** Whether a user can run the sources, or lives outside of a home closed to others. */
async function canEnter(uid: number): Promise<boolean> {
  const asked = ['--reuid', `${uid}`, '--clear-groups', '--', process.execPath, '--check'];
  const sources = resolve('libs/embedded/src/error.ts');
  return !(await execa('setpriv', [...asked, sources], { reject: false })).failed;
}

const nobodyCanRun = isRoot && (await canEnter(NOBODY));

describe('when the process that started them is killed', () => {
  test('no server is left, and the next start finds what was committed', async () => {
    const directory = await scratchDirectory();
    const family = await startFamily(directory);
    const client = new Client({ connectionString: family.urls.postgres });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 42 AS n');
    expect(await serverUnder(directory)).toBeDefined();
    await family.kill();
    await expectVacant(directory);
    await expect(connect({ servers: family.urls.nats, reconnect: false })).rejects.toThrow();
    const options = { dataDir: join(directory, 'pg'), durable: false };
    const again = stopping(await startPostgres(options));
    const reader = new Client({ connectionString: again.url });
    await reader.connect();
    expect((await reader.query('SELECT n FROM kept')).rows).toEqual([{ n: 42 }]);
    await reader.end();
  });

  test('a start right after the kill waits for the old servers instead of failing', async () => {
    const directory = await scratchDirectory();
    const family = await startFamily(directory);
    await family.kill();
    stopping(await startPostgres({ dataDir: join(directory, 'pg'), durable: false }));
    stopping(await startNats({ dataDir: join(directory, 'nats'), durable: false }));
  });

  test.runIf(nobodyCanRun)('the same holds for an ordinary user', async () => {
    const directory = await scratchDirectory();
    await chown(directory, NOBODY, NOBODY);
    const family = await startFamily(directory, NOBODY);
    expect(await serverUnder(directory)).toBeDefined();
    await family.kill();
    await expectVacant(directory);
  });
});
