import type { Sha256 } from '#libs/encoding';
import { ARTIFACT_NAMES, type ArtifactName } from '../release/artifact.js';
import type { Observation, ObservationRole } from './observation.js';

/** Which two things that are published disagree. */
export type InconsistencyKind =
  /** A URL of the proposal serves other bytes than the proposal's digest. */
  | 'proposal-url-mismatch'
  /** A CDN serves other bytes than the proposal's digest. */
  | 'cdn-bytes-mismatch'
  /** A CDN's SHA256SUMS names another digest than the proposal. */
  | 'cdn-sums-mismatch'
  /** A CDN's SHA256SUMS names another digest than its own bytes have. */
  | 'sums-against-bytes'
  /** Two CDNs serve different bytes under one name. */
  | 'cdns-serve-different-bytes'
  /** Two CDNs list different digests under one name. */
  | 'cdns-list-different-sums'
  /** Two URLs of the proposal serve different bytes. */
  | 'proposal-urls-differ';

/** One disagreement. */
export interface Inconsistency {
  readonly kind: InconsistencyKind;
  readonly artifact: ArtifactName;
  /** The places that disagree and what each says; the proposal's own digest has no URL. */
  readonly sides: readonly { readonly url: string | null; readonly sha256: Sha256 }[];
}

/** Digests that the proposal names, by artifact. */
export type ExpectedDigests = Partial<Readonly<Record<ArtifactName, Sha256>>>;

type Read = Observation & { readonly sha256: Sha256 };

/**
 * Holds the proposal, SHA256SUMS, downloaded bytes and CDNs against each other, artifact by
 * artifact. What could not be read contradicts nothing and is left out; an empty list therefore
 * says that nothing disagreed, not that everything was seen.
 */
export function findInconsistencies(
  observations: readonly Observation[],
  expected: ExpectedDigests = {},
): readonly Inconsistency[] {
  const read = observations.filter((one): one is Read => one.sha256 !== null);
  return ARTIFACT_NAMES.flatMap((artifact) => {
    const of = (role: ObservationRole): Read[] =>
      read.filter((one) => one.artifact === artifact && one.role === role);
    const [bytes, sums, urls] = [of('cdn-bytes'), of('cdn-sums'), of('proposal-url')];
    const digest = expected[artifact];
    return [
      ...against('proposal-url-mismatch', digest, urls),
      ...against('cdn-bytes-mismatch', digest, bytes),
      ...against('cdn-sums-mismatch', digest, sums),
      ...sums.flatMap((line) => {
        const own = bytes.filter(({ url }) => folderOf(url) === folderOf(line.url));
        return among('sums-against-bytes', [line, ...own]);
      }),
      ...among('cdns-serve-different-bytes', bytes),
      ...among('cdns-list-different-sums', sums),
      ...among('proposal-urls-differ', urls),
    ];
  });
}

function against(
  kind: InconsistencyKind,
  expected: Sha256 | undefined,
  found: readonly Read[],
): Inconsistency[] {
  if (expected === undefined) return [];
  return found
    .filter(({ sha256 }) => sha256 !== expected)
    .map(({ artifact, url, sha256 }) => ({
      kind,
      artifact,
      sides: [
        { url: null, sha256: expected },
        { url, sha256 },
      ],
    }));
}

function among(kind: InconsistencyKind, found: readonly Read[]): Inconsistency[] {
  const [first] = found;
  if (first === undefined || found.every(({ sha256 }) => sha256 === first.sha256)) return [];
  const sides = found.map(({ url, sha256 }) => ({ url, sha256 }));
  return [{ kind, artifact: first.artifact, sides }];
}

function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/'));
}
