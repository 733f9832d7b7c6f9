import type { CommitId, Sha256 } from '#libs/encoding';
import { MAX_URL_CHARACTERS } from '../download/allow-list.js';
import { ARTIFACT_NAMES, type ArtifactName } from '../release/artifact.js';
import type { ArtifactSpec, Era } from '../release/era.js';
import { IcosError } from '../error.js';
import type { FetchCache, Fetched } from './fetch-cache.js';
import { type LaunchMeasurement, parseMeasurements } from '../release/measurements.js';
import type { Observation, ObservationRole } from './observation.js';
import { cdnUrl, releasePath, sumsUrl } from '../release/statement-name.js';
import { digestOf, parseSums } from '../release/sums.js';

/** What to look at. */
export interface PublishedRequest {
  /** Fetches it, within its limits. */
  readonly fetches: FetchCache;
  readonly commit: CommitId;
  readonly era: Pick<Era, 'artifacts'>;
  /** Bases such as `https://download.dfinity.systems`, each looked at on its own. */
  readonly cdnBases: readonly string[];
  /** Package URLs of the proposal, in its order; and which artifact they are of. */
  readonly proposalUrls: readonly string[];
  readonly proposalArtifact: ArtifactName | null;
  /** Looks at these artifacts only; default all of the era. */
  readonly artifacts?: readonly ArtifactName[];
}

/** Everything that was read as published. */
export interface Published {
  readonly observations: readonly Observation[];
  /** URLs that the proposal lists more than once: a list of two that is a list of one. */
  readonly duplicateUrls: readonly string[];
  /** Each SHA256SUMS that came, as a file: what build provenance speaks of. */
  readonly sumsFiles: readonly {
    readonly url: string;
    /** Below `ic/<commit>/`, such as `host-os/update-img/SHA256SUMS`. */
    readonly path: string;
    readonly sha256: Sha256;
  }[];
  /** Launch measurements of each CDN, read by value; null where they could not be. */
  readonly measurements: readonly {
    readonly url: string;
    readonly measurements: readonly LaunchMeasurement[] | null;
  }[];
}

const MAX_MESSAGE_CHARACTERS = 500;

/**
 * Looks at all that is published of one release: on each CDN the line of SHA256SUMS and the bytes
 * of each artifact, and the bytes behind each URL of the proposal. What cannot be read is an
 * observation with an error, never an exception.
 *
 * @throws IcosError INTERRUPTED; OUT_OF_SPACE, CACHE_FAILED, NOT_STARTED of a cache, which say
 * nothing of the publisher
 * @throws IcosError UNKNOWN_ARTIFACT when there are proposal URLs and no artifact that they are of
 */
export async function observePublished(request: PublishedRequest): Promise<Published> {
  const { commit, era, cdnBases, proposalUrls, proposalArtifact, artifacts, fetches } = request;
  if (proposalUrls.length > 0 && proposalArtifact === null) {
    throw new IcosError('UNKNOWN_ARTIFACT', 'proposal URLs are given, but not of which artifact');
  }
  const wanted = era.artifacts.filter(({ name }) => (artifacts ?? ARTIFACT_NAMES).includes(name));
  const distinct = [...new Set(proposalUrls)];
  const observations = await Promise.all([
    ...cdnBases.flatMap((base) =>
      wanted.flatMap((spec) => [
        observeSums(fetches, sumsUrl(base, commit, spec), spec),
        observeBytes(fetches, cdnUrl(base, commit, spec), 'cdn-bytes', spec.name),
      ]),
    ),
    ...distinct.flatMap((url) =>
      proposalArtifact === null ? [] : observeBytes(fetches, url, 'proposal-url', proposalArtifact),
    ),
  ]);
  const measured = wanted.filter(({ name }) => name === 'guestos/launch-measurements');
  return {
    observations,
    duplicateUrls: duplicates(proposalUrls),
    sumsFiles: await readSumsFiles(fetches, commit, cdnBases, wanted),
    measurements: await Promise.all(
      cdnBases.flatMap((base) =>
        measured.map(async (spec) => readMeasurements(fetches, cdnUrl(base, commit, spec))),
      ),
    ),
  };
}

async function readSumsFiles(
  fetches: FetchCache,
  commit: CommitId,
  cdnBases: readonly string[],
  wanted: readonly ArtifactSpec[],
): Promise<Published['sumsFiles']> {
  const files = cdnBases.flatMap((base) =>
    wanted.map((spec) => ({
      url: sumsUrl(base, commit, spec),
      path: releasePath({ ...spec, file: 'SHA256SUMS' }),
    })),
  );
  const distinct = [...new Map(files.map((file) => [file.url, file])).values()];
  const read = await Promise.all(
    distinct.map(async ({ url, path }) => {
      const fetched = await fetches.read(url);
      return fetched.ok ? [{ url, path, sha256: fetched.value.sha256 }] : [];
    }),
  );
  return read.flat();
}

function duplicates(urls: readonly string[]): readonly string[] {
  // `HTTPS://Host:443/x` is `https://host/x`, however it is spelled.
  const canonical = urls.map((url) => (URL.canParse(url) ? new URL(url).href : url));
  const repeated = canonical.filter((url, index) => canonical.indexOf(url) !== index);
  return [...new Set(repeated)].map((url) => shown(urls[canonical.indexOf(url)] ?? url));
}

async function observeBytes(
  fetches: FetchCache,
  url: string,
  role: ObservationRole,
  artifact: ArtifactName,
): Promise<Observation> {
  // The measurements are read as well, by value: one download serves both.
  const isSmall = artifact === 'guestos/launch-measurements';
  const fetched = isSmall ? await fetches.read(url) : await fetches.hash(url, artifact);
  if (!fetched.ok) return failed(url, role, artifact, fetched.error);
  const { sha256, sizeBytes } = fetched.value;
  return { url: shown(url), role, artifact, sha256, sizeBytes, error: null };
}

async function observeSums(
  fetches: FetchCache,
  url: string,
  spec: ArtifactSpec,
): Promise<Observation> {
  const fetched = await fetches.read(url);
  try {
    const sha256 = digestOf(parseSums(textOf(fetched)), spec.file);
    const facts = { url: shown(url), artifact: spec.name, sizeBytes: null, error: null };
    return { ...facts, role: 'cdn-sums', sha256 };
  } catch (error) {
    if (!(error instanceof IcosError)) throw error;
    return failed(url, 'cdn-sums', spec.name, error);
  }
}

async function readMeasurements(
  fetches: FetchCache,
  url: string,
): Promise<Published['measurements'][number]> {
  const fetched = await fetches.read(url);
  try {
    return { url, measurements: parseMeasurements(textOf(fetched)) };
  } catch (error) {
    if (!(error instanceof IcosError)) throw error;
    return { url, measurements: null };
  }
}

function textOf(fetched: Fetched<{ readonly bytes: Uint8Array }>): string {
  if (!fetched.ok) throw fetched.error;
  return Buffer.from(fetched.value.bytes).toString('utf8');
}

function failed(
  url: string,
  role: ObservationRole,
  artifact: ArtifactName,
  { code, message }: IcosError,
): Observation {
  const error = { code, message: message.slice(0, MAX_MESSAGE_CHARACTERS) };
  return { url: shown(url), role, artifact, sha256: null, sizeBytes: null, error };
}

/** A longer one was refused; its beginning says which it was. */
function shown(url: string): string {
  return url.slice(0, MAX_URL_CHARACTERS);
}
