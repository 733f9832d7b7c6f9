import { stat } from 'node:fs/promises';
import { execa } from 'execa';
import { serverEnvironment } from './environment.js';
import { EmbeddedError, isMissing } from './error.js';

/** The user and group, by number, that a server runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Users that a Linux machine may have already and that own nothing of the caller's. */
const EXISTING_USERS = ['postgres', 'nobody'];

/** The user that is made where none of those exists. */
const OWN_USER = 'repro-quorum';

/**
 * Chooses the user that PostgreSQL runs as when root starts it, which it refuses to run as: the owner
 * of an existing data directory, else `postgres`, else `nobody`, else a system user made for it.
 * Returns undefined when the caller is not root and therefore runs it as itself.
 *
 * @throws EmbeddedError NO_UNPRIVILEGED_USER
 */
export async function chooseIdentity(dataDir: string): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(dataDir);
  // A second start has to run as the user of the first, whatever users were added in between.
  if (owner !== undefined && owner.uid !== 0) return owner;
  for (const name of EXISTING_USERS) {
    const found = await lookUp(name);
    if (found !== undefined) return found;
  }
  return (await lookUp(OWN_USER)) ?? (await addUser());
}

async function ownerOf(path: string): Promise<Identity | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function lookUp(name: string): Promise<Identity | undefined> {
  const options = { reject: false, extendEnv: false, env: serverEnvironment() } as const;
  const [user, group] = await Promise.all([
    execa('id', ['-u', name], options),
    execa('id', ['-g', name], options),
  ]);
  const [uid, gid] = [Number(user.stdout), Number(group.stdout)];
  if (user.failed || group.failed || !(uid > 0) || !(gid > 0)) return undefined;
  return { uid, gid };
}

async function addUser(): Promise<Identity> {
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const added = await execa('useradd', [...args, OWN_USER], { reject: false });
  const found = await lookUp(OWN_USER);
  if (found !== undefined) return found;
  throw new EmbeddedError(
    'NO_UNPRIVILEGED_USER',
    `postgresql does not run as root, and no user "postgres" or "nobody" exists: run "useradd --system ${OWN_USER}", or start as an ordinary user`,
    { cause: added },
  );
}
