import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../world/project-root.js';

/** A PostgreSQL of the system's packages: pg_dump takes nothing from a server that is newer than itself. */
export interface SystemPostgres {
  /** Folder of programs that goes before PATH. */
  readonly bin: string;
  urlOf(database: string): string;
  close(): Promise<void>;
}

const NOBODY = 65_534;
const START_TIMEOUT_MS = 30_000;

/** Finds server and clients of one version; null where this machine has them not. */
export function findSystemPostgres(): { readonly bin: string; readonly clients: string } | null {
  const unpacked = join(projectRoot(), '.tools/unpacked');
  const roots = [
    '/',
    ...(existsSync(unpacked) ? readdirSync(unpacked) : []).map((name) => join(unpacked, name)),
  ];
  const bins = roots.flatMap((root) => {
    const folder = join(root, 'usr/lib/postgresql');
    return existsSync(folder)
      ? readdirSync(folder).map((version) => join(folder, version, 'bin'))
      : [];
  });
  const [bin, clients] = ['postgres', 'pg_dump'].map((program) =>
    bins.find((folder) => existsSync(join(folder, program))),
  );
  return bin === undefined || clients === undefined ? null : { bin, clients };
}

/** Starts it on a socket of its own, with one superuser who needs no password. */
export async function startSystemPostgres(bin: string): Promise<SystemPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'rq-pg-'));
  const isRoot = process.geteuid?.() === 0;
  // It refuses to run as root.
  const asNobody = isRoot
    ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
    : ['env'];
  if (isRoot) await chown(dir, NOBODY, NOBODY);
  await chmod(dir, 0o755);
  const data = join(dir, 'data');
  const [program = '', ...args] = asNobody;
  const run = (name: string, ...more: string[]) =>
    execa(program, [...args, join(bin, name), ...more], { cwd: '/', timeout: START_TIMEOUT_MS });
  try {
    await run('initdb', '--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync');
    const settings = `-c listen_addresses= -c unix_socket_directories=${dir} -c fsync=off`;
    const log = join(dir, 'log');
    await run('pg_ctl', '--pgdata', data, '--wait', '--log', log, '--options', settings, 'start');
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return {
    bin,
    urlOf: (database) => `postgres://postgres@/${database}?host=${encodeURIComponent(dir)}`,
    close: async () => {
      await run('pg_ctl', '--pgdata', data, '--wait', '--mode', 'immediate', 'stop');
      await rm(dir, { recursive: true, force: true });
    },
  };
}
