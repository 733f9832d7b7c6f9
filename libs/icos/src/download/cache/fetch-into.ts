import type { DownloadRequest } from '../download-request.js';
import {
  atPlace,
  CachedFetch,
  type CachedDownload,
  type CachePlace,
  type FoundDownload,
} from './cached-fetch.js';
import { onDisk } from './disk-failure.js';
import { strongTag } from './entity-tag.js';
import { PartFile } from './part-file.js';
import type { Part } from './part.js';
import { PassingPart } from './passing-part.js';
import { findWholeFile, noteSameFile } from './whole-file.js';

type Limited = DownloadRequest & { readonly maxBytes: number };

/**
 * Brings the file of a URL into a folder, or finds it there. Takes turns with every other process
 * that wants the same one, which then finds what this one brought.
 *
 * @throws IcosError as `download`; OUT_OF_SPACE, CACHE_FAILED, NOT_STARTED
 */
export async function fetchInto(folder: string, request: Limited): Promise<CachedDownload> {
  return atPlace(folder, request, async (place) => {
    const whole = await findWhole(place, request);
    const part = await openPart(place, request);
    const found = await new CachedFetch(place, request, whole, part).run();
    return { ...found, file: found.file ?? place.paths.file };
  });
}

/**
 * Finds out what a URL serves that ought to be the file of another, which is fetched meanwhile.
 * Its bytes are hashed and not written: if they are the other's, that one's file serves both.
 *
 * @throws IcosError as {@link fetchInto}
 */
export async function fetchBeside(
  folder: string,
  request: Limited,
  original: Promise<CachedDownload | null>,
): Promise<FoundDownload> {
  const found = await atPlace(folder, request, async (place) => {
    const whole = await findWhole(place, request);
    return new CachedFetch(place, request, whole, await partOf(place, request)).run();
  });
  if (found.file !== null) return found;
  // Without the lock: who holds one and waits for another may wait for somebody who does the same.
  const kept = await original;
  const isSame = kept?.sha256 === found.sha256 && kept.sizeBytes === found.sizeBytes;
  const etag = strongTag(found.etag ?? undefined);
  if (!isSame || etag === null) return found;
  const { finalUrl, sha256, sizeBytes: totalBytes } = found;
  const sameAs = request.allow.check(kept.url);
  await atPlace(folder, request, async ({ paths, url }) =>
    onDisk(folder, async () =>
      noteSameFile(paths, { url: url.href, finalUrl, etag, totalBytes }, { sha256, sameAs }),
    ),
  );
  return { ...found, file: kept.file };
}

async function findWhole({ folder, url }: CachePlace, { signal }: Limited) {
  return onDisk(folder, async () => findWholeFile(folder, url, signal));
}

async function openPart(
  { folder, url, paths }: CachePlace,
  { signal }: Limited,
): Promise<PartFile> {
  return onDisk(folder, async () => PartFile.open(paths, url, signal));
}

/** What an earlier run left of it is gone on with. */
async function partOf(place: CachePlace, request: Limited): Promise<Part> {
  const part = await openPart(place, request);
  if (part.origin !== null) return part;
  await onDisk(place.folder, async () => part.discard());
  await part.close();
  return new PassingPart();
}
