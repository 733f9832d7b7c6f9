import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { FixStep } from '#libs/fingerprint';
import { fileTrouble } from '../../file-trouble.js';
import { writeNew } from '../../write-file.js';

/** What may be used to apply a step. */
export interface Means {
  readonly isRoot: boolean;
  readonly hasSudo: boolean;
  /** Whether somebody can type a password. */
  readonly isTerminal: boolean;
}

/** What a step is applied with: null where it takes root, and there is no way to it. */
export function rightsFor({ needsRoot }: FixStep, means: Means): readonly string[] | null {
  if (!needsRoot || means.isRoot) return [];
  if (!means.hasSudo) return null;
  return means.isTerminal ? ['sudo'] : ['sudo', '-n'];
}

/**
 * Applies one step: runs its command without a shell, or makes its file. A file that is there
 * already is somebody's, and stays as it is.
 *
 * @returns null when it is done, else why it is not
 */
export async function applyStep(step: FixStep, means: Means): Promise<string | null> {
  const rights = rightsFor(step, means);
  if (rights === null) return 'it takes root, and sudo is not installed: run it as root';
  if (step.command !== null) return run([...rights, ...step.command], means);
  if (step.file === undefined) return 'it is to be done by hand';
  const { path, content } = step.file;
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      return `${path} is there already: add the lines to it by hand`;
    }
    if (rights.length > 0) {
      const install = ['install', '-D', '-m', '0644', '/dev/stdin', path];
      return await run([...rights, ...install], means, content);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeNew(path, content, 0o644);
    return null;
  } catch (error) {
    return `cannot write ${path}: ${fileTrouble(error)}`;
  }
}

/** What the command says goes to stderr: stdout is for data. */
async function run(
  [file = '', ...args]: readonly string[],
  { isTerminal }: Means,
  input?: string,
): Promise<string | null> {
  const end = await execa(file, args, {
    ...(input === undefined ? { stdin: isTerminal ? 'inherit' : 'ignore' } : { input }),
    stdout: process.stderr,
    stderr: 'inherit',
    reject: false,
  });
  return end.failed ? (end.shortMessage ?? 'it failed') : null;
}
