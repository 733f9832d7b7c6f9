import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError, isMissing } from './error.js';
import type { Identity } from './identity.js';

/** The one directory that holds everything of a database server, owned by the server's user. */
export interface DataHome {
  /** Where it is for the caller. */
  readonly path: string;
  /**
   * Where it is for the server. A server that has given up root may be unable to walk to `path`, for
   * example through a home of mode 0700; it is then handed the open directory as descriptor 3.
   */
  readonly serverPath: string;
  /** What the server has to be handed, from descriptor 3 on, for `serverPath` to hold. */
  readonly descriptors: readonly number[];
  close(): Promise<void>;
}

const PASSWORD_FILE = 'password';
/** What a data directory holds, whole or left by a killed start. */
const CONTENTS = /^(?:password|owner|lock|cluster|postgres\.log)/;

/**
 * Opens a data directory, made with mode 0700 where it is missing, and gives it to the server's user.
 *
 * @throws EmbeddedError BAD_DATA_DIR when it is no directory or holds something else
 */
export async function openDataHome(
  path: string,
  identity: Identity | undefined,
): Promise<DataHome> {
  await refuseOtherContents(path);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const { uid } = await directory.stat();
    const serverUid = identity?.uid ?? process.getuid?.();
    if (identity !== undefined && uid === 0) await directory.chown(identity.uid, identity.gid);
    else if (uid !== serverUid) {
      throw new EmbeddedError(
        'BAD_DATA_DIR',
        `${JSON.stringify(path)} belongs to user ${uid}, not to user ${serverUid ?? '?'}: start as that user, or name another directory`,
      );
    }
    await directory.chmod(0o700);
  } catch (error) {
    await directory.close();
    throw error;
  }
  return {
    path,
    serverPath: identity === undefined ? path : '/proc/self/fd/3',
    descriptors: identity === undefined ? [] : [directory.fd],
    close: () => directory.close(),
  };
}

/** Refuses to take over, and change the owner of, a directory that somebody uses otherwise. */
async function refuseOtherContents(path: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    if (isMissing(cause)) return;
    throw new EmbeddedError('BAD_DATA_DIR', `cannot read ${JSON.stringify(path)}`, { cause });
  }
  if (names.every((name) => CONTENTS.test(name))) return;
  throw new EmbeddedError(
    'BAD_DATA_DIR',
    `${JSON.stringify(path)} is not empty and holds no database: name an empty or a new directory`,
  );
}

/**
 * Returns the password of a locked data directory; the first call draws it and keeps it in a file of
 * mode 0600.
 *
 * @throws EmbeddedError BAD_DATA_DIR when there is a cluster but no password for it
 */
export async function keepPassword(
  home: DataHome,
  identity: Identity | undefined,
  clusterExists: boolean,
): Promise<string> {
  const path = join(home.path, PASSWORD_FILE);
  const kept = await readPassword(path);
  if (kept !== undefined) return kept;
  if (clusterExists) {
    throw new EmbeddedError(
      'BAD_DATA_DIR',
      `the password file ${JSON.stringify(path)} is missing: put it back, or move the directory away to start empty`,
    );
  }
  const password = randomBytes(32).toString('hex');
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${password}\n`);
    if (identity !== undefined) await file.chown(identity.uid, identity.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return password;
}

async function readPassword(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
