import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { NatsAuthority } from './authority.js';
import { NatsAuthorityError } from './error.js';

const SEED_FILE = 'authority.seed';
const SEED = /^[0-9a-f]{64}\n?$/;
/** Nobody but its owner writes it, and strangers do not read it. Its group may: services are handed it so. */
const OPEN_TO_OTHERS = 0o027;

/**
 * Opens the folder that an authority lives in, and makes both where they are missing: the folder of mode
 * 0700, and in it `authority.seed` of mode 0600, the one secret that all keys are made of. Whoever has
 * it admits anybody; whoever loses it has to make all servers and all accounts anew.
 *
 * @throws NatsAuthorityError BAD_FOLDER for a seed that is none or that others can read
 */
export async function openAuthority(dir: string): Promise<NatsAuthority> {
  const path = join(dir, SEED_FILE);
  let file = await openSeed(path);
  if (file === null) {
    await makeSeed(dir, path);
    file = await openSeed(path);
  }
  if (file === null) throw new NatsAuthorityError('BAD_FOLDER', `${JSON.stringify(path)} is gone`);
  try {
    const { mode } = await file.stat();
    if ((mode & OPEN_TO_OTHERS) !== 0) {
      throw new NatsAuthorityError(
        'BAD_FOLDER',
        `${JSON.stringify(path)} is open to others: run "chmod 600" on it, and think of who may have read it`,
      );
    }
    const text = await file.readFile('utf8');
    if (SEED.test(text)) return new NatsAuthority(Buffer.from(text.trim(), 'hex'));
  } finally {
    await file.close();
  }
  throw new NatsAuthorityError(
    'BAD_FOLDER',
    `${JSON.stringify(path)} holds no seed, which is 64 hexadecimal digits: put it back from a copy`,
  );
}

/** Several coordinators may start at once on one folder: the first one's seed is everybody's. */
async function makeSeed(dir: string, path: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
    await link(temporary, path);
    await syncFolder(dir);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** A seed that a crash takes back would leave servers that nobody can speak to. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openSeed(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
