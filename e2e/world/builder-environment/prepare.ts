import { chmod, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { BuilderEnvironment } from './builder-environment.js';
import { enter } from './enter.js';
import { compileLocale, isBuiltIn } from './locale.js';

/**
 * Makes what an environment names: the home with its `.container-run.conf`, the temp folder, the
 * locale. Mounts are not made here but by the process that enters.
 *
 * @throws WorldError NO_LOCALE
 */
export async function prepare(environment: BuilderEnvironment): Promise<void> {
  await mkdir(environment.home, { recursive: true });
  await mkdir(environment.tempDir, { recursive: true });
  const conf = join(environment.home, '.container-run.conf');
  if (environment.containerRunConf === undefined) await rm(conf, { force: true });
  else await writeFile(conf, environment.containerRunConf);

  const { locale, user, home, tempDir } = environment;
  if (locale !== undefined && !isBuiltIn(locale)) await compileLocale(home, locale);
  if (user !== undefined) await handOver(user, home, tempDir);
}

/**
 * Gives folders to a user, with all that is in them, and lets it pass through those above that are
 * ours. Does nothing for whoever is not root, and so may not build as somebody else either.
 */
export async function handOver(user: string, ...folders: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await execa('chown', ['--recursive', '--no-dereference', user, ...folders]);
  for (const folder of folders) await letPass(dirname(folder));
}

/** Only below the folder for temporary files: what is above it is not for us to open. */
async function letPass(folder: string): Promise<void> {
  const top = await realpath(tmpdir());
  for (let at = await realpath(folder); at.startsWith(`${top}/`); at = dirname(at)) {
    const { mode } = await stat(at);
    await chmod(at, (mode & 0o7777) | 0o011);
  }
}

/**
 * Says in one sentence why an environment of this kind cannot be had on this machine, or null when
 * it can. Found out by doing it in a folder of its own, as neither being root nor having the
 * programs tells whether a container or a kernel setting forbids it.
 */
export async function cannotRunHere(environment: BuilderEnvironment): Promise<string | null> {
  const scratch = await mkdtemp(join(tmpdir(), 'world-probe-'));
  try {
    const probe = { ...environment, home: join(scratch, 'home'), tempDir: join(scratch, 'tmp') };
    try {
      await prepare(probe);
    } catch (error) {
      return `a builder with the locale ${environment.locale ?? ''} cannot run here: ${String(error)}`;
    }
    const { file, args, env } = enter(probe, ['true']);
    const result = await execa(file, args, { env, reject: false });
    if (!result.failed) return null;
    const reason = result.stderr.trim().replaceAll(/\s+/g, ' ') || result.shortMessage;
    return `a builder with ${wish(environment)} cannot run here: ${reason}`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function wish(environment: BuilderEnvironment): string {
  const { hostname, tempFilesystem, fileSizeLimitBytes, processors, user } = environment;
  if (tempFilesystem?.type === 'ext4') {
    return `a temp filesystem of ${tempFilesystem.blockSizeBytes}-byte blocks (needs root and a loop device)`;
  }
  if (tempFilesystem) return 'a tmpfs of its own (needs root or user namespaces)';
  if (user !== undefined) return `the user ${user} (needs root)`;
  if (processors !== undefined) return `${processors} processors`;
  if (hostname !== undefined) return 'a hostname of its own (needs root or user namespaces)';
  return fileSizeLimitBytes === undefined ? 'this environment' : 'a file size limit';
}
