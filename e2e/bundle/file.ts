import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Ended } from '../cli/command-line.js';
import { projectRoot } from '../world/project-root.js';

/** All of a checkout that goes into the file, and what makes it. */
const PARTS = ['deploy', 'libs', 'services/cli', 'services/builder-agent'];

/** What `./run bundle` made, and what it printed. */
export interface Made {
  readonly path: string;
  readonly licenses: string;
  readonly stdout: string;
}

/**
 * Makes the file as `./run bundle` does, in a checkout at this path that was built and, perhaps,
 * changed afterwards.
 *
 * @throws Error when nothing was built, or no file could be made
 */
export async function makeFile(checkout: string, change?: () => Promise<void>): Promise<Made> {
  const root = projectRoot();
  if (!existsSync(join(root, 'dist/deploy'))) {
    throw new Error('there is no dist/: run `npm run build` first');
  }
  await mkdir(checkout, { recursive: true });
  await cp(join(root, 'package.json'), join(checkout, 'package.json'));
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  for (const part of PARTS) {
    await cp(join(root, 'dist', part), join(checkout, 'dist', part), { recursive: true });
  }
  await change?.();
  const { stdout } = await execa(process.execPath, ['dist/deploy/bundle/main.js'], {
    cwd: checkout,
    env: {},
    extendEnv: false,
  });
  const path = join(checkout, 'dist/bundle/repro-quorum.mjs');
  return { path, licenses: `${path}.licenses.txt`, stdout };
}

/** Runs the file by its first line, on a machine that has node and nothing else of ours. */
export async function runFile(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(path, args, {
    cwd: dirname(path),
    env: { PATH: dirname(process.execPath), HOME: join(dirname(path), 'home'), ...env },
    ...{ extendEnv: false, reject: false, stripFinalNewline: false, timeout: 120_000 },
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}
