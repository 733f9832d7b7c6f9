import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { asSha256, type Sha256 } from '#libs/encoding';
import { IcosError } from '../error.js';
import { hashBound } from '../hash/hash.js';
import { ARTIFACT_NAMES, type ArtifactName } from '../release/artifact.js';
import type { Era, IntermediateSpec } from '../release/era.js';

/** What a build left on its way to artifacts. */
export interface BuildIntermediate {
  readonly name: string;
  readonly artifacts: readonly ArtifactName[];
  /**
   * Null where the build left no such file, or none that could be hashed. `bound` is the digest of
   * `rq-work/v1`, a zero byte, the round's id (32 bytes, zeros outside of a round) and the file.
   */
  readonly found: { readonly sha256: Sha256; readonly bound: Sha256 } | null;
}

/** What to collect, and from where. */
export interface IntermediatesRequest {
  /** The home that the build had. */
  readonly home: string;
  readonly era: Pick<Era, 'intermediates'>;
  /** Id of the round that is built for; null outside of any. */
  readonly round: string | null;
  /** Collects what is on the way to these artifacts only; default all of the era. */
  readonly artifacts?: readonly ArtifactName[];
  readonly signal?: AbortSignal;
}

/** The largest is a system's files as one archive, of some gigabytes. */
const [MAX_FILE_BYTES, MAX_ALL_BYTES] = [32 * 1024 ** 3, 96 * 1024 ** 3];

/** Most folders that a path with `*` is followed through at once. */
const MAX_PLACES = 64;

/**
 * Finds and hashes what a build left on its way, off the main thread. What is not there is told as
 * missing: a build that came to its outputs is a vote, whatever else it left. Links are not followed,
 * since a build must not have a file of this machine hashed in its place.
 *
 * @throws IcosError INTERRUPTED
 */
export async function collectIntermediates(
  request: IntermediatesRequest,
): Promise<readonly BuildIntermediate[]> {
  const { home, era, round, artifacts = ARTIFACT_NAMES, signal } = request;
  const id = round === null ? Buffer.alloc(32) : Buffer.from(asSha256(round), 'hex');
  const prefix = Buffer.concat([Buffer.from('rq-work/v1\0'), id]);
  const root = await realpath(home).catch(() => home);
  const collected: BuildIntermediate[] = [];
  let leftBytes = MAX_ALL_BYTES;
  for (const spec of era.intermediates) {
    const own = spec.artifacts.filter((name) => artifacts.includes(name));
    if (own.length === 0) continue;
    const found = await findFile(root, spec);
    const isTooLong = found !== null && found.sizeBytes > Math.min(MAX_FILE_BYTES, leftBytes);
    const digests =
      found === null || isTooLong ? null : await digestsOf(found.path, prefix, signal);
    if (digests !== null) leftBytes -= found?.sizeBytes ?? 0;
    collected.push({ name: spec.name, artifacts: own, found: digests });
  }
  return collected;
}

interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** The one file that fits; null where none does, or several, of which any could be meant. */
async function findFile(root: string, { path }: IntermediateSpec): Promise<FoundFile | null> {
  const parts = path.split('/');
  let places = [root];
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    const nested = await Promise.all(places.map(async (place) => step(place, part, isLast)));
    places = nested.flat();
    if (places.length > MAX_PLACES) return null;
  }
  const [only, ...others] = places;
  if (only === undefined || others.length > 0) return null;
  const { size } = await lstat(only);
  return { path: only, sizeBytes: size };
}

/** Goes down one folder, or to the file; by names that are no links. */
async function step(folder: string, part: string, isLast: boolean): Promise<readonly string[]> {
  const names = part === '*' ? await readdir(folder).catch(() => []) : [part];
  const paths = await Promise.all(
    // One more than may be: so it shows that there are too many.
    names.slice(0, MAX_PLACES + 1).map(async (name) => {
      const path = join(folder, name);
      const facts = await lstat(path).catch(() => null);
      const fits = isLast ? facts?.isFile() : facts?.isDirectory();
      return fits === true ? [path] : [];
    }),
  );
  return paths.flat();
}

async function digestsOf(
  path: string,
  prefix: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<BuildIntermediate['found']> {
  try {
    const { sha256, bound } = await hashBound(path, prefix, signal);
    return { sha256, bound };
  } catch (error) {
    if (error instanceof IcosError && error.code === 'NOT_READABLE') return null;
    throw error;
  }
}
