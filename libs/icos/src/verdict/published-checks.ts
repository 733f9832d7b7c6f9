import type { Observation, ObservationRole } from '../published/observation.js';
import type { ArtifactName } from '../release/artifact.js';
import {
  compareSides,
  side,
  unseen,
  type CheckSide,
  type ReleaseCheck,
  type ReleaseCheckState,
} from './release-check.js';
import type { ElectedPackage, ReleaseEvidence } from './release-evidence.js';

/**
 * A SHA256SUMS that came and is wrong in itself: the file is not listed, or twice with different
 * digests. That is a fault of what is published, and not of the way to it.
 */
const WRONG_SUMS: ReadonlySet<string> = new Set(['NO_SUCH_SUM', 'MALFORMED_SUMS', 'SUMS_CONFLICT']);

/** Holds what is published of one artifact against the proposal and against itself. */
export function checkPublished(
  artifact: ArtifactName,
  { published, proposal }: ReleaseEvidence,
): readonly ReleaseCheck[] {
  const of = (role: ObservationRole): Observation[] =>
    published.observations.filter((one) => one.artifact === artifact && one.role === role);
  const [bytes, sums] = [of('cdn-bytes'), of('cdn-sums')];
  const elected = proposal?.artifact === artifact ? proposal : null;
  const checks: ReleaseCheck[] = [];
  if (elected !== null) {
    const expected = side('proposal', elected.sha256);
    checks.push(
      ...sums.map((line) => {
        return { id: 'proposal-sums', artifact, ...sumsSides(line, [expected]) } as const;
      }),
    );
  }
  for (const line of sums) {
    const own = bytes.filter(({ url }) => folderOf(url) === folderOf(line.url));
    checks.push({ id: 'cdn-bytes', artifact, ...sumsSides(line, own.map(sideOf)) });
  }
  if (bytes.length > 1) {
    checks.push(
      ...[bytes, sums].map((places): ReleaseCheck => {
        const sides = places.map(sideOf);
        return { id: 'cdns', artifact, state: compareSides(sides), sides };
      }),
    );
  }
  return checks;
}

/** Holds each URL of the proposal against its digest, whatever was selected. */
export function checkProposalUrls(
  proposal: ElectedPackage,
  observations: readonly Observation[],
): readonly ReleaseCheck[] {
  const { artifact, urls } = proposal;
  const expected = side('proposal', proposal.sha256);
  const checks = observations
    .filter(({ role }) => role === 'proposal-url')
    .map((one): ReleaseCheck => {
      const sides = [expected, sideOf(one)];
      return { id: 'proposal-url', artifact, state: compareSides(sides), sides };
    });
  const shared = sharedHosts(urls);
  return [
    ...checks,
    ...(shared.length === 0
      ? []
      : [
          {
            ...({ id: 'proposal-urls', artifact, state: 'noted' } as const),
            sides: shared.map((url) => side(url, 'not the only URL on this host')),
          },
        ]),
  ];
}

/**
 * The measurements are told by value as well, and older SHA256SUMS do not list them: for them a
 * missing line is worth a note.
 */
function sumsSides(
  line: Observation,
  others: readonly CheckSide[],
): { readonly state: ReleaseCheckState; readonly sides: readonly CheckSide[] } {
  const sides = [...others, sideOf(line)];
  const isWrong = line.error !== null && WRONG_SUMS.has(line.error.code);
  if (!isWrong) return { state: compareSides(sides), sides };
  const isOptional =
    line.artifact === 'guestos/launch-measurements' && line.error.code === 'NO_SUCH_SUM';
  return { state: isOptional ? 'noted' : 'failed', sides };
}

function sideOf({ url, sha256, error }: Observation): CheckSide {
  return sha256 === null ? unseen(url, error?.message ?? 'not read') : side(url, sha256);
}

/** URLs of which another is on the same host, itself included: a list of two that fails as one. */
function sharedHosts(urls: readonly string[]): string[] {
  const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
  return urls.filter((url) => urls.filter((other) => hostOf(other) === hostOf(url)).length > 1);
}

function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/'));
}
