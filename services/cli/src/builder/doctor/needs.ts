import type { MachineNeeds } from '#libs/fingerprint';
import { CURRENT_ERA, ERAS, loadEras, type Era } from '#libs/icos';
import { CommandError, EXIT } from '../../exit.js';

/**
 * Finds the era that the doctor judges by: the one that is named, else the newest of the table.
 *
 * @throws CommandError usage for an era that the table does not have
 * @throws IcosError MALFORMED_ERAS for a file that is no such table
 */
export async function eraOf(id: string | null, erasFile: string | null): Promise<Era> {
  const eras = erasFile === null ? ERAS : await loadEras(erasFile);
  const newest = erasFile === null ? CURRENT_ERA : eras[0];
  const era = id === null ? newest : eras.find((row) => row.id === id);
  if (era !== undefined) return era;
  const ids = eras.map((row) => row.id).join(', ');
  throw new CommandError(EXIT.usage, `${JSON.stringify(id)} is no era of the table: it has ${ids}`);
}

/** What builds of an era need. Which of its commits look at the temp filesystem, they alone tell. */
export function needsOf({ engine, minimumDiskBytes }: Era): MachineNeeds {
  return { engine, minimumDiskBytes, tempBlockSizeBytes: null };
}
