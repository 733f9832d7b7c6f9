import { join } from 'node:path';
import { execa } from 'execa';
import { serverEnvironment } from './environment.js';
import { EmbeddedError } from './error.js';
import { findSetpriv, privileges } from './guarded-process.js';
import type { Identity } from './identity.js';
import { completeLinks } from './native.js';
import type { NativeBuild } from './native.js';
import { stage } from './staging.js';

/**
 * Returns a build that the server's user can run: the given one where it stands, or, when that lies
 * under a directory closed to the user, a copy of it.
 *
 * @throws EmbeddedError INIT_FAILED when the build does not run on this machine at all
 */
export async function usableBuild(
  build: NativeBuild,
  identity: Identity | undefined,
  stagingDir: string,
): Promise<NativeBuild> {
  await completeLinks(build.directory);
  const inPlace = await tryRun(build, identity);
  if (inPlace === undefined) return build;
  if (identity === undefined) throw unusable(build, inPlace);
  const copy = await stage(build, stagingDir);
  const copied = await tryRun(copy, identity);
  if (copied !== undefined) throw unusable(copy, copied);
  return copy;
}

/** Asks the server for its version. Returns what went wrong, or undefined. */
async function tryRun(
  build: NativeBuild,
  identity: Identity | undefined,
): Promise<string | undefined> {
  const program = join(build.directory, 'bin', 'postgres');
  const args = [...privileges(identity), '--', program, '--version'];
  const tried = await execa(await findSetpriv(), args, {
    cwd: '/',
    extendEnv: false,
    env: serverEnvironment(),
    reject: false,
    all: true,
  });
  return tried.failed ? tried.all : undefined;
}

function unusable(build: NativeBuild, reason: string): EmbeddedError {
  return new EmbeddedError(
    'INIT_FAILED',
    `postgresql in ${JSON.stringify(build.directory)} does not run here: ${reason.trim()}`,
  );
}
