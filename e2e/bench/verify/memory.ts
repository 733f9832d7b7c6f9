import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRelease } from './release-stand.js';
import { QUICK } from './scale.js';
import { writeSparseArtifact } from './sparse-artifact.js';
import { runOurs } from './way.js';

/** What a process had in memory at most, beside which file. */
export interface MemoryPeak {
  readonly peakBytes: number;
  readonly imageBytes: number;
}

/**
 * Lets `repro-quorum check` download an image into an empty cache, and collect the same image as
 * built; measures the most memory that its process ever had. The image is sparse on the servers'
 * side only: it is sent, received, written and decompressed in full.
 */
export async function measureMemory(dir: string, imageBytes: number): Promise<MemoryPeak> {
  const stand = await openRelease(join(dir, 'release'), {
    scale: QUICK,
    hosts: ['systems'],
    writeImage: (path) => writeSparseArtifact(path, imageBytes),
  });
  try {
    const peakFile = join(dir, 'peak');
    const preload = pathToFileURL(join(import.meta.dirname, 'note-peak.js'));
    preload.searchParams.set('into', peakFile);
    await runOurs(stand, dir, [`--import=${preload.href}`]);
    return { peakBytes: Number(await readFile(peakFile, 'utf8')), imageBytes: stand.imageBytes };
  } finally {
    await stand.close();
    await rm(dir, { recursive: true, force: true });
  }
}
