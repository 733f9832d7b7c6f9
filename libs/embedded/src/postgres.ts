import { join, resolve } from 'node:path';
import {
  CLUSTER,
  SUPERUSER,
  checkClusterVersion,
  hasCluster,
  makeCluster,
  removeUnfinished,
} from './cluster.js';
import { keepPassword, openDataHome } from './data-home.js';
import type { ServerExit } from './guarded-process.js';
import { chooseIdentity } from './identity.js';
import { STOP, launch } from './launch.js';
import type { Launch } from './launch.js';
import { lockDirectory } from './lock.js';
import { findNativeBuild } from './native.js';
import type { NativeBuild } from './native.js';
import { removeStaleFile } from './postmaster.js';
import { DEFAULT_STAGING_DIR } from './staging.js';
import { usableBuild } from './usable-build.js';

/** How to run PostgreSQL. */
export interface PostgresOptions {
  /** Everything of this database, kept between starts. A new, an empty or an earlier directory. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1. Default: a free one, another at each start. */
  readonly port?: number;
  /**
   * Whether a committed transaction survives a crash of the machine. False is for tests: faster, and
   * still safe against the death of processes. Default true.
   */
  readonly durable?: boolean;
  /**
   * Where root puts a copy of the server's programs when they lie in a directory that the server's
   * user cannot enter. Default {@link DEFAULT_STAGING_DIR}.
   */
  readonly stagingDir?: string;
  /** The unpacked programs. Default: what npm installed for this machine. */
  readonly build?: NativeBuild;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  /** Connects the superuser to the database `postgres`, password included. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the server has ended, asked or not. */
  readonly exited: Promise<ServerExit>;
  /** Closes all connections and ends the server in order. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL for this process and returns once it takes connections. It listens on
 * 127.0.0.1 alone, asks for a random password that only the owner of `dataDir` can read, and ends
 * with this process, however that ends. Root runs it as an unprivileged user.
 *
 * @throws EmbeddedError UNSUPPORTED_PLATFORM, NOT_INSTALLED, NO_UNPRIVILEGED_USER, BAD_DATA_DIR,
 * ALREADY_RUNNING, INIT_FAILED, START_FAILED
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const isDurable = options.durable ?? true;
  const identity = await chooseIdentity(dataDir);
  const found = options.build ?? (await findNativeBuild());
  const build = await usableBuild(found, identity, options.stagingDir ?? DEFAULT_STAGING_DIR);
  const home = await openDataHome(dataDir, identity);
  try {
    const lock = await lockDirectory(dataDir);
    try {
      return await startLocked({ build, identity, home, lock, isDurable }, options.port);
    } finally {
      await lock.close();
    }
  } finally {
    await home.close();
  }
}

async function startLocked(what: Launch, fixedPort: number | undefined): Promise<EmbeddedPostgres> {
  const { build, identity, home } = what;
  const cluster = join(home.path, CLUSTER);
  await removeUnfinished(home.path);
  const clusterExists = await hasCluster(home.path);
  const password = await keepPassword(home, identity, clusterExists);
  if (!clusterExists) await makeCluster(what);
  await checkClusterVersion(home.path, build);
  await removeStaleFile(cluster);
  const { server, port } = await launch(what, fixedPort);
  return {
    url: `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    exited: server.exited,
    stop: () => server.stop(STOP),
  };
}
