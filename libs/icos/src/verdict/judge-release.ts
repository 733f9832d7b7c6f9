import type { Sha256 } from '#libs/encoding';
import type { ArtifactName } from '../release/artifact.js';
import { checkLocal, localDigest } from './local-checks.js';
import { checkMeasurements } from './measurement-checks.js';
import { checkProposalUrls, checkPublished } from './published-checks.js';
import type { ReleaseCheck } from './release-check.js';
import type { ReleaseEvidence } from './release-evidence.js';

/** What one machine can say of one artifact. */
export type LoneVerdict =
  /** Built here as it is published, and everything that is published says the same. */
  | 'reproduced'
  /** Built here, and other than what is published. */
  | 'mismatch'
  /** Whatever was built here: what is published contradicts itself or the proposal. */
  | 'inconsistent'
  /** Something could not be seen or built. */
  | 'undecided';

/** One artifact, judged. */
export interface JudgedArtifact {
  readonly name: ArtifactName;
  readonly elected: boolean;
  readonly verdict: LoneVerdict;
  /** Digest of what was built here; null where nothing was. */
  readonly local: Sha256 | null;
  /** The proposal's digest, else what the CDNs list if they agree. */
  readonly expected: Sha256 | null;
}

/** A release, judged by one machine. */
export interface JudgedRelease {
  /** One failed check is enough for `not-reproduced`; `reproduced` needs everything to be seen. */
  readonly outcome: 'reproduced' | 'not-reproduced' | 'undecided';
  readonly artifacts: readonly JudgedArtifact[];
  readonly checks: readonly ReleaseCheck[];
}

const LOCAL: ReadonlySet<ReleaseCheck['id']> = new Set([
  ...(['local-sums', 'local-proposal', 'local-measurements'] as const),
]);

/**
 * Judges what was seen of one release: proposal, SHA256SUMS, bytes of each CDN and of each URL,
 * launch measurements, and the build. Nothing that could not be seen passes, and nothing that
 * failed is outweighed.
 */
export function judgeRelease(evidence: ReleaseEvidence): JudgedRelease {
  const { era, selected, proposal, published } = evidence;
  const wanted = era.artifacts.filter(({ name }) => selected.includes(name));
  const ofProposal = proposal === null ? [] : checkProposalUrls(proposal, published.observations);
  const judged = wanted.map(({ name }) => {
    const own = checksOf(name, evidence);
    const elected = proposal?.artifact === name;
    const verdict = verdictOf([...own, ...(elected ? ofProposal : [])], evidence.build !== null);
    const local = localDigest(name, evidence.build);
    return {
      artifact: { name, elected, verdict, local, expected: expectedOf(name, evidence) },
      checks: own,
    };
  });
  const checks = [...ofProposal, ...judged.flatMap((one) => one.checks)];
  const artifacts = judged.map(({ artifact }) => artifact);
  return { outcome: outcomeOf(artifacts, checks), artifacts, checks };
}

function checksOf(name: ArtifactName, evidence: ReleaseEvidence): readonly ReleaseCheck[] {
  // Measurements are compared by value: two spellings of one value are one value.
  return name === 'guestos/launch-measurements'
    ? [...checkPublished(name, evidence), ...checkMeasurements(evidence)]
    : [...checkPublished(name, evidence), ...checkLocal(name, evidence)];
}

function verdictOf(checks: readonly ReleaseCheck[], isBuilt: boolean): LoneVerdict {
  const failed = checks.filter(({ state }) => state === 'failed');
  if (failed.some(({ id }) => !LOCAL.has(id))) return 'inconsistent';
  if (failed.length > 0) return 'mismatch';
  // Without a comparison of what was built here nothing was reproduced.
  const isCompared = isBuilt && checks.some(({ id }) => LOCAL.has(id));
  return isCompared && !checks.some(({ state }) => state === 'undecided')
    ? 'reproduced'
    : 'undecided';
}

function outcomeOf(
  artifacts: readonly JudgedArtifact[],
  checks: readonly ReleaseCheck[],
): JudgedRelease['outcome'] {
  if (checks.some(({ state }) => state === 'failed')) return 'not-reproduced';
  const isWhole =
    artifacts.length > 0 &&
    artifacts.every(({ verdict }) => verdict === 'reproduced') &&
    checks.every(({ state }) => state !== 'undecided');
  return isWhole ? 'reproduced' : 'undecided';
}

function expectedOf(name: ArtifactName, { proposal, published }: ReleaseEvidence): Sha256 | null {
  if (proposal?.artifact === name) return proposal.sha256;
  const listed = published.observations.flatMap((one) =>
    one.artifact === name && one.role === 'cdn-sums' && one.sha256 !== null ? [one.sha256] : [],
  );
  return new Set(listed).size === 1 ? (listed[0] ?? null) : null;
}
