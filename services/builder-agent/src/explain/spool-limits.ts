import { statfs } from 'node:fs/promises';
import { DEFAULT_MANIFEST_LIMITS, type ManifestLimits } from '#libs/image';

/** Lets a reader unpack into no more than a share of the room that a folder's disk has left. */
export async function spoolLimits(
  folder: string,
  share: number,
): Promise<Pick<ManifestLimits, 'maxSpoolBytes'>> {
  const { bavail, bsize } = await statfs(folder);
  const roomBytes = Math.floor(bavail * bsize * share);
  return { maxSpoolBytes: Math.min(DEFAULT_MANIFEST_LIMITS.maxSpoolBytes, roomBytes) };
}
