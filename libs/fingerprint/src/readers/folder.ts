import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { attempt } from '../attempt.js';
import type { FolderState } from '../preflight/extras.js';

/** Tells whether a folder can be written to, or made where it is not; makes none. */
export async function readFolder(path: string, timeoutMs: number): Promise<FolderState | null> {
  return attempt(timeoutMs, () => look(path, path));
}

async function look(path: string, wanted: string): Promise<FolderState> {
  const found = await stat(path).catch(codeOf);
  if (found === 'ENOENT' && dirname(path) !== path) return look(dirname(path), wanted);
  // What stands in the way of the path is a file, or a folder that lets nobody through.
  if (found === 'ENOTDIR') return 'not-a-folder';
  if (found === 'EACCES') return 'not-writable';
  if (typeof found === 'string') throw new Error(found);
  if (!found.isDirectory()) return 'not-a-folder';
  const mayWrite = await access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (mayWrite) return 'writable';
  return path === wanted ? 'not-writable' : 'cannot-be-made';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
