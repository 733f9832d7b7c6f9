import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Most entries that one look at the folders counts. */
export const MAX_COUNTED_ENTRIES = 500_000;

/**
 * Measures folders so that two measures differ whenever a file was made, removed, grew or was
 * written to in between. Links are not followed, and what cannot be read counts as nothing: the
 * build changes the folders while they are being walked.
 */
export async function measureFolders(folders: readonly string[]): Promise<string> {
  let entries = 0;
  let sizeBytes = 0;
  let newestMs = 0;
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const { name, isFolder } of await list(folder)) {
      if (entries >= MAX_COUNTED_ENTRIES) return `${entries} ${sizeBytes} ${newestMs}`;
      const path = join(folder, name);
      const facts = await lstat(path).catch(() => null);
      if (facts === null) continue;
      entries += 1;
      sizeBytes += facts.size;
      newestMs = Math.max(newestMs, facts.mtimeMs);
      if (isFolder) waiting.push(path);
    }
  }
  return `${entries} ${sizeBytes} ${newestMs}`;
}

async function list(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const found: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      found.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch {
    // Removed or unreadable: the rest of the walk goes on.
  }
  return found;
}
