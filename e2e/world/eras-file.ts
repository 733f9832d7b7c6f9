import { writeFile } from 'node:fs/promises';
import { ERAS } from '#libs/icos';
import type { Era } from '#libs/icos';

/** Free space that a build of ic-mini needs, with a good margin, in bytes. */
const MINIMUM_DISK_BYTES = 64 * 1024 * 1024;

/**
 * The project's table of eras with ic-mini's own figures: its builds call no container engine and
 * need next to no room. Nothing else differs, marks, commands and paths least of all.
 */
export function worldEras(): readonly Era[] {
  return ERAS.map((era) => ({ ...era, engine: null, minimumDiskBytes: MINIMUM_DISK_BYTES }));
}

/** Writes {@link worldEras} as the file that an operator would keep. */
export async function writeErasFile(file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify({ eras: worldEras() }, null, 2)}\n`);
}
