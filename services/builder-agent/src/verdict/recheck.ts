import { unverifiedPayload, type Envelope, type VerdictRefusal } from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import {
  countReplay,
  findForks,
  findGaps,
  findProposalFaults,
  isDamning,
  isVerdictTrue,
  openBundle,
  replayRound,
  type OpenedBundle,
  type OpenedCheckpoint,
  type Replay,
  type VerifyCertificate,
} from '#libs/evidence';
import { toHex } from '#libs/encoding';
import { signNote } from '#libs/tlog';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import type { GrowthJudgement } from '../witness/log-growth.service.js';
import type { SeenCheckpoint } from '../witness/log-state.service.js';

/** A leaf that this agent holds a receipt of. */
export interface OwnLeaf {
  readonly what: string;
  readonly index: bigint;
  readonly leafHash: Uint8Array;
}

/** What a verdict is held against. */
export interface VerdictClaim {
  readonly round: string;
  /** As this agent was told it, its signature verified. */
  readonly verdict: Envelope;
  readonly coordinator: Coordinator;
  /** The round's bundle, as somebody served it. */
  readonly bundle: Uint8Array;
  /** What the log has to hold because it said so. */
  readonly own: readonly OwnLeaf[];
  readonly verifyCertificate: VerifyCertificate;
  /** Holds the bundle's tree against the one that this agent last saw. */
  readonly hold: (shown: SeenCheckpoint) => Promise<GrowthJudgement>;
}

/** What an agent finds about a verdict. */
export type VerdictJudgement =
  | { readonly kind: 'true' }
  /** Not the log's word: it says nothing about the verdict. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | ({ readonly kind: 'refused' } & Pick<VerdictRefusal, 'reason' | 'message'>);

/**
 * Computes a round's verdict from its bundle as every auditor can, under the round's own rules, and
 * compares it byte for byte with the one that the coordinator signed. What the round expects has to
 * be what a certified proposal elects: the verdict says so of it. The bundle's tree has to be one with
 * what this agent saw of the log: one that was made to leave others' results out would be sound, too.
 */
export async function recheckVerdict(claim: VerdictClaim): Promise<VerdictJudgement> {
  const { round, coordinator } = claim;
  const { origin: name, publicKey, verifier } = coordinator;
  const logKeys = [{ name, keyId: verifier.keyId, publicKey }];
  const bundle = await openBundle(claim.bundle, logKeys);
  if (bundle.header?.round !== round || bundle.checkpoint === null) {
    return { kind: 'unusable', reason: `it is no bundle of round ${round} that the log signed` };
  }
  const growth = await claim.hold(seenIn(bundle.checkpoint));
  if (growth.kind === 'contradicted') return bad(`log-inconsistent: ${growth.reason}`);
  const replay = replayRound(bundle.entries, { round, coordinator: publicKey });
  if (replay.open === null) return bad(replay.findings[0]?.message ?? 'the round is missing');
  const found = [
    ...[...bundle.findings, ...replay.findings],
    ...[...findGaps(bundle, replay), ...findForks(bundle, replay, logKeys)],
    ...(await findProposalFaults(replay.open, bundle, claim.verifyCertificate)),
  ].find(isDamning);
  if (found !== undefined) return bad(`${found.code}: ${found.message}`);
  const missing = missingLeaf(claim.own, bundle, replay);
  if (missing !== null) return bad(missing);
  const judgement = judge(replay, claim);
  // What is false is so in whatever tree it stands; nothing is vouched for in one of which is not known.
  if (judgement.kind !== 'true' || growth.kind === 'consistent') return judgement;
  return { kind: 'unusable', reason: growth.reason };
}

/** The note under the log's own signature alone: no more of it was verified. */
function seenIn({ checkpoint, text, verified }: OpenedCheckpoint): SeenCheckpoint {
  const signers = verified.map(({ name, keyId, signature }) => ({
    ...{ name, keyId, sign: () => signature },
  }));
  return { checkpoint, note: signNote(text, signers) };
}

function judge(replay: Replay, { verdict, coordinator }: VerdictClaim): VerdictJudgement {
  const logged = replay.verdict;
  if (logged === null || !isSame(logged.envelope, verdict)) {
    const message = 'the log holds another verdict than the one that was sent';
    return { kind: 'refused', reason: 'not-logged', message };
  }
  try {
    const { origin, publicKey } = coordinator;
    if (isVerdictTrue(replay, origin, publicKey) === true) return { kind: 'true' };
    const words = countReplay(replay, origin).map((each) => `${each.name} ${each.verdict}`);
    const message = `the log gives: ${words.join(', ')}`;
    return { kind: 'refused', reason: 'recomputed-otherwise', message };
  } catch (error) {
    if (!(error instanceof ConsensusError)) throw error;
    return bad(`${error.code}: ${error.message}`);
  }
}

/** What the log gave a receipt for has to stand in it, where the receipt says. */
function missingLeaf(
  own: readonly OwnLeaf[],
  { entries }: OpenedBundle,
  { opened, verdict }: Replay,
): string | null {
  const leaves = new Map(entries.map(({ index, leafHash }) => [BigInt(index), toHex(leafHash)]));
  const missing = own.find(({ index, leafHash }) => {
    // Later entries of the round may have come after the bundle.
    if (index < BigInt(opened.index) || index > BigInt(verdict?.index ?? 0)) return false;
    return leaves.get(index) !== toHex(leafHash);
  });
  if (missing === undefined) return null;
  return `the log does not hold the ${missing.what} at ${String(missing.index)}, as its receipt says`;
}

function isSame(a: Envelope, b: Envelope): boolean {
  return Buffer.compare(unverifiedPayload(a), unverifiedPayload(b)) === 0;
}

function bad(message: string): VerdictJudgement {
  return { kind: 'refused', reason: 'evidence-bad', message };
}
