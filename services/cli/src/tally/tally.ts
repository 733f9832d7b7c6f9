import {
  AttestationError,
  checkRelease,
  openEnvelope,
  parseStatement,
  readResult,
  unverifiedPayload,
  type Release,
  type Result,
} from '#libs/attestation';
import {
  decide,
  type ArtifactVerdict,
  type Claim,
  type Standing,
  type Threshold,
} from '#libs/consensus';
import { claimOf, questionsOf } from '#libs/contracts';
import type { Found } from './attestation-files.js';
import type { ReadRoster } from './roster.js';

/** An attestation that was not counted, and why. */
export interface Refused {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** An attestation that was counted. */
export interface Counted {
  readonly file: string;
  readonly operator: string;
  readonly builder: string;
  /** The round that it answers; null for one made outside of any. */
  readonly round: string | null;
}

/** What loose attestations come to. Nothing is claimed about attestations that are not here. */
export interface Tally {
  readonly artifacts: readonly ArtifactVerdict[];
  readonly counted: readonly Counted[];
  readonly refused: readonly Refused[];
  /** Signed, or said to be, by keys that the roster does not list. */
  readonly outsideRoster: readonly { readonly file: string; readonly builder: string }[];
}

/**
 * Verifies and counts loose attestations of one release. Expected digests come only from the
 * release. One builder counts once however often it is listed; if its attestations differ, its
 * operator contradicts itself.
 *
 * @throws ConsensusError for a threshold that could not give a sound verdict
 */
export function tally(
  release: Release,
  { roster, keys }: ReadRoster,
  threshold: Threshold,
  found: readonly Found[],
): Tally {
  const claims = new Map<string, Claim[]>();
  const counted: Counted[] = [];
  const refused: Refused[] = [];
  const outsideRoster: { file: string; builder: string }[] = [];
  for (const item of found) {
    try {
      if ('error' in item) throw item.error;
      // The key is looked up by what the payload says, then the payload has to be signed by it.
      const claimed = readResult(parseStatement(unverifiedPayload(item.envelope)));
      const key = keys.get(claimed.builder);
      if (key === undefined) {
        outsideRoster.push({ file: item.file, builder: claimed.builder });
        continue;
      }
      const result = readResult(parseStatement(openEnvelope(item.envelope, key)));
      checkRelease(result.release, release);
      checkPaths(result, release);
      claims.set(result.builder, [...(claims.get(result.builder) ?? []), claimOf(result)]);
      counted.push({
        file: item.file,
        operator: roster.find(({ builders }) => builders.includes(result.builder))?.operator ?? '',
        builder: result.builder,
        round: result.round,
      });
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      refused.push({ file: item.file, code: error.code, message: error.message });
    }
  }
  const artifacts = decide({
    roster,
    threshold,
    phase: 'final',
    questions: questionsOf(release),
    standings: new Map(
      [...claims].map(([builder, said]): [string, Standing] => [
        builder,
        { kind: 'said', claims: said },
      ]),
    ),
    late: new Set(),
    roundFlags: new Map(),
  });
  return { artifacts, counted, refused, outsideRoster };
}

/** An artifact's name and its path have to belong together, or a digest could change its meaning. */
function checkPaths(result: Result, release: Release): void {
  if (result.kind !== 'built') return;
  for (const { name, path } of result.outputs) {
    const artifact = release.artifacts.find((entry) => entry.name === name);
    if (artifact === undefined || artifact.path === path) continue;
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `artifact ${name} is attested as ${path}: the release has it as ${artifact.path}`,
    );
  }
}
