import type { Release, RoundOpen } from '#libs/attestation';
import { canonicalJson, fromBase64Any, sha256, toHex } from '#libs/encoding';
import type { Finding, FindingCode } from './finding.js';
import type { OpenedBundle } from './opened-bundle.js';

/** What a certified proposal says, read by whoever can verify certificates. */
export interface CertifiedElection {
  /** Decimal. */
  readonly proposal: string;
  readonly nnsFunction: number | null;
  readonly payload: Uint8Array | null;
  /** Null where it elects no version. */
  readonly elects: {
    readonly os: 'guestos' | 'hostos';
    readonly commit: string;
    readonly sha256: string;
    readonly urls: readonly string[];
  } | null;
}

/**
 * Verifies archived evidence under a root key and reads the proposal out of it.
 *
 * @throws whatever says, in its message, why it cannot be believed
 */
export type VerifyCertificate = (
  evidence: Readonly<Record<string, unknown>>,
) => Promise<CertifiedElection>;

/**
 * Holds what RoundOpen expects against the proposal: payload and evidence have the digests that it
 * names, the certificate is good, and the release is what the payload elects. Without a proposal
 * nothing may be expected, for nobody but the coordinator would have said it.
 */
export async function findProposalFaults(
  open: RoundOpen,
  { proposal: found }: OpenedBundle,
  verifyCertificate: VerifyCertificate,
): Promise<readonly Finding[]> {
  const { proposal: named, release } = open;
  const fault = (code: FindingCode, message: string): Finding[] => [
    { code, message, line: found === null ? null : lineOf(found), index: null },
  ];
  if (named === null) {
    const claimed = release.artifacts.find(({ expected, elected }) => expected !== null || elected);
    if (claimed === undefined) return [];
    return fault('expected-unproven', `nobody but the coordinator expects ${claimed.name}`);
  }
  if (found === null) return fault('proposal-missing', `proposal ${named.id} is not in the bundle`);
  const payload = bytesOf(found.payload);
  if (payload === null || sha256(payload) !== named.payloadSha256) {
    return fault('proposal-wrong', 'the payload is not the one that RoundOpen names');
  }
  if (digestOf(found.evidence) !== named.evidenceSha256) {
    return fault('proposal-wrong', 'the evidence is not the one that RoundOpen names');
  }
  let certified: CertifiedElection;
  try {
    certified = await verifyCertificate(found.evidence);
  } catch (error) {
    return fault('certificate-wrong', error instanceof Error ? error.message : String(error));
  }
  const isThisOne =
    certified.proposal === named.id &&
    certified.nnsFunction === named.nnsFunction &&
    certified.payload !== null &&
    toHex(certified.payload) === toHex(payload);
  if (!isThisOne) {
    return fault('certificate-wrong', `what is certified is not proposal ${named.id} as it stands`);
  }
  const difference = differenceOf(certified.elects, release, open.urls);
  return difference === null ? [] : fault('expected-unproven', difference);
}

function differenceOf(
  elects: CertifiedElection['elects'],
  { name, source, artifacts }: Release,
  urls: readonly string[],
): string | null {
  if (elects === null) return 'the proposal elects no version';
  const { os, commit, sha256: expected } = elects;
  if (name !== `ic/${commit}` || source.digest['gitCommit'] !== commit) {
    return `the proposal elects ${commit}, the round is on another release`;
  }
  if (canonicalJson(urls) !== canonicalJson(elects.urls)) {
    return 'the proposal names other package URLs than the round';
  }
  const elected = `${os}/update-img`;
  const differing = artifacts.find((artifact) => {
    const isElected = artifact.name === elected;
    return artifact.elected !== isElected || artifact.expected !== (isElected ? expected : null);
  });
  if (differing !== undefined)
    return `the proposal does not say of ${differing.name} what the round says`;
  return artifacts.some((artifact) => artifact.name === elected) ? null : `${elected} is not asked`;
}

function lineOf(found: NonNullable<OpenedBundle['proposal']>): number | null {
  return 'line' in found && typeof found.line === 'number' ? found.line : null;
}

/** Digest of the canonical JSON; null where there is none, as with half a character in it. */
function digestOf(evidence: object): string | null {
  try {
    return sha256(canonicalJson(evidence));
  } catch {
    return null;
  }
}

function bytesOf(base64: string): Uint8Array | null {
  try {
    return fromBase64Any(base64);
  } catch {
    return null;
  }
}
