import { randomBytes } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedError, isMissing } from './error.js';
import { completeLinks } from './native.js';
import type { NativeBuild } from './native.js';

/** Where root keeps a build that others can enter: only root may create anything there. */
export const DEFAULT_STAGING_DIR = '/var/cache/repro-quorum';

/** Left out of a copy: what only a compiler would read. */
const DEVELOPMENT_FILES = /(?:\.a|pkgconfig|\.pc)$/;

/**
 * Copies a build to where any user can enter and nobody but the caller can write, once per version.
 * The copy gets its name by one rename when it is whole, so that a killed or a parallel start leaves
 * either no copy or a complete one. Returns the copy.
 *
 * @throws EmbeddedError BAD_DATA_DIR when the place belongs to somebody else
 */
export async function stage(build: NativeBuild, stagingDir: string): Promise<NativeBuild> {
  await mkdir(stagingDir, { recursive: true, mode: 0o755 });
  // A umask of 077 would close it to the very user that it is for.
  if (await isPresent(stagingDir)) await chmod(stagingDir, 0o755);
  const target = join(stagingDir, `postgresql-${build.version}-${process.arch}`);
  if (!(await isPresent(target))) {
    const temporary = `${target}.${randomBytes(8).toString('hex')}`;
    try {
      await copyReadable(build.directory, temporary);
      await completeLinks(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Another start may have been faster; then its copy serves both.
      if (!(await isPresent(target))) throw error;
    }
  }
  return { directory: target, version: build.version };
}

/**
 * Tells whether our directory is there. What stands there but was made by, or is open to, somebody else
 * would let that person choose the program that runs, so it is refused.
 */
async function isPresent(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    const strangersWrite = (found.mode & 0o022) !== 0;
    if (found.isDirectory() && found.uid === process.getuid?.() && !strangersWrite) return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  throw new EmbeddedError(
    'BAD_DATA_DIR',
    `${JSON.stringify(path)} belongs to another user or can be written by others: remove it, and look who made it`,
  );
}

async function copyReadable(source: string, target: string): Promise<void> {
  const found = await lstat(source);
  if (found.isSymbolicLink()) {
    await symlink(await readlink(source), target);
  } else if (found.isDirectory()) {
    await mkdir(target, { recursive: true });
    await chmod(target, 0o755);
    for (const name of await readdir(source)) {
      if (!DEVELOPMENT_FILES.test(name)) await copyReadable(join(source, name), join(target, name));
    }
  } else {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
    await chmod(target, (found.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
