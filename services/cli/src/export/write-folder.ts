import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import type { ExportFiles } from './export-files.js';

/** What every folder has that an export made: by it one is told from anything else. */
const MARK = 'bundle.jsonl';

/**
 * Makes sure that an export may be written to a folder, before anything is asked of anybody. With
 * `force` a folder that an earlier export made is replaced; nothing else ever is.
 *
 * @throws CommandError usage
 */
export function requireFolder(path: string, force: boolean): void {
  const names = namesIn(path);
  if (names === null || names.length === 0) return;
  if (!names.includes(MARK)) {
    throw new CommandError(EXIT.usage, `${path} holds other files: give a folder of its own`);
  }
  if (force) return;
  throw new CommandError(
    EXIT.usage,
    `${path} exists already`,
    'replace it with --force, or give another folder',
  );
}

/**
 * Writes an export whole: the folder appears, or is replaced, once everything in it is written.
 *
 * @throws CommandError usage
 */
export function writeFolder(path: string, files: ExportFiles): void {
  const target = resolve(path);
  const draft = `${target}.${randomBytes(6).toString('hex')}.draft`;
  try {
    for (const [name, content] of files) {
      const file = join(draft, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    if (existsSync(target)) rmSync(target, { recursive: true });
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw new CommandError(EXIT.usage, `cannot write ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}

/**
 * Makes sure that a bundle may be written to a file.
 *
 * @throws CommandError usage
 */
export function requireFile(path: string, force: boolean): void {
  if (!existsSync(path) || force) return;
  throw new CommandError(
    EXIT.usage,
    `${path} exists already`,
    'replace it with --force, or give another file',
  );
}

function namesIn(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CommandError(EXIT.usage, `cannot write ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}
