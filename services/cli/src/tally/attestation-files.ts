import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { compareText } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { attestationsIn, type Item } from './attestation-texts.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 10_000;

/** An attestation and the file that it was found in; or why it is none. */
export type Found = Item & { readonly file: string };

/**
 * Finds attestations in files and folders. What else a folder holds is passed over, hidden files
 * with it; a file that was named and holds none is an error.
 *
 * @throws CommandError usage
 */
export async function findAttestations(paths: readonly string[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const facts = await attempt(path, () => stat(path));
    if (facts.isDirectory()) {
      for (const file of await filesIn(path)) found.push(...(await readOne(file, false)));
      continue;
    }
    const here = await readOne(path, true);
    if (here.length === 0) {
      throw new CommandError(
        EXIT.usage,
        `${path} holds no attestation`,
        'expected an envelope as JSON, one a line, or armoured blocks',
      );
    }
    found.push(...here);
  }
  return found;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await attempt(folder, () =>
    readdir(folder, { withFileTypes: true, recursive: true }),
  );
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !isHidden(relative(folder, file)))
    .toSorted(compareText);
  if (files.length > MAX_FILES) {
    throw new CommandError(EXIT.usage, `${folder} holds more than ${MAX_FILES} files`);
  }
  return files;
}

function isHidden(path: string): boolean {
  return path.split(sep).some((name) => name.startsWith('.'));
}

async function readOne(file: string, isNamed: boolean): Promise<readonly Found[]> {
  const facts = await stat(file).catch(() => null);
  // A folder may hold links to nowhere or to folders, and the images themselves.
  if (!isNamed && (facts?.isFile() !== true || facts.size > MAX_FILE_BYTES)) return [];
  if (facts !== null && facts.size > MAX_FILE_BYTES) {
    const limitMiB = MAX_FILE_BYTES / 1024 / 1024;
    throw new CommandError(EXIT.usage, `${file} has more than ${limitMiB} MiB: it is not read`);
  }
  const text = await attempt(file, () => readFile(file, 'utf8'));
  return attestationsIn(text).map((item) => ({ file, ...item }));
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}
