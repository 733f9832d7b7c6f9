import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { compareText } from '#libs/encoding';
import { projectRoot } from '../project-root.js';
import type { TreeFile } from './fast-import.js';

/**
 * Reads a folder of ic-mini's files, in order of paths. A file is executable by its name and never
 * by its mode on disk, which a checkout under another umask, or on a foreign filesystem, would
 * change.
 */
export async function readTree(folder = 'tree'): Promise<TreeFile[]> {
  const root = join(projectRoot(), 'e2e/world/ic-mini', folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(root, file).split(sep).join('/');
        return { path, executable: isProgram(path), content: await readFile(file) };
      }),
  );
  return files.sort((a, b) => compareText(a.path, b.path));
}

/** Tells whether a file of the repository is a program: a script, or one of the tools of 2021. */
export function isProgram(path: string): boolean {
  return path.endsWith('.sh') || path.startsWith('gitlab-ci/tools/');
}
