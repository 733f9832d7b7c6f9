import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AttestationError, parseEnvelope, unarmor, type Envelope } from '#libs/attestation';
import { compareText } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 10_000;

/** An envelope and the file that it was found in; or why the file's content is none. */
export type Found =
  | { readonly file: string; readonly envelope: Envelope }
  | { readonly file: string; readonly error: AttestationError };

/**
 * Finds attestations in files and folders: an envelope as JSON, one a line, or armoured blocks
 * anywhere in a text such as a saved forum thread. A folder's other files are passed over; a file
 * that was named and holds none is an error.
 *
 * @throws CommandError usage
 */
export async function findAttestations(paths: readonly string[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch(() => null);
    if (facts === null) throw new CommandError(EXIT.usage, `cannot read ${path}`);
    if (facts.isDirectory()) {
      for (const file of await filesIn(path)) found.push(...(await readOne(file)));
      continue;
    }
    const here = await readOne(path);
    if (here.length === 0) throw new CommandError(EXIT.usage, `${path} holds no attestation`);
    found.push(...here);
  }
  return found;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted(compareText);
  if (files.length > MAX_FILES) {
    throw new CommandError(EXIT.usage, `${folder} holds more than ${MAX_FILES} files`);
  }
  return files;
}

async function readOne(file: string): Promise<readonly Found[]> {
  const { size } = await stat(file);
  if (size > MAX_FILE_BYTES) return [];
  const text = await readFile(file, 'utf8');
  try {
    if (text.includes('BEGIN REPRO-QUORUM')) {
      return unarmor(text).map((envelope) => ({ file, envelope }));
    }
    if (!text.includes('"payloadType"')) return [];
    if (isJson(text)) return [{ file, envelope: parseEnvelope(text) }];
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => ({ file, envelope: parseEnvelope(line) }));
  } catch (error) {
    if (error instanceof AttestationError) return [{ file, error }];
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
