import { z } from 'zod';
import {
  envelopeDigest,
  keyIdOf,
  signatureOf,
  subjectName,
  verdictStatement,
  type Release,
  type Statement,
} from '#libs/attestation';
import { agreedDigest, roundOutcome, type ArtifactVerdict } from '#libs/consensus';
import { canonicalJson, EncodingError, toBase64 } from '#libs/encoding';
import { countReplay } from './count-replay.js';
import type { OpenedEntry } from './entry.js';
import type { Replay } from './replay.js';

/** What a verdict tells beside what follows from the log. */
export interface VerdictHead {
  readonly origin: string;
  /** Hex SHA-256 of the SPKI of the key that signs it. */
  readonly coordinatorKeyId: string;
  /** Of the program that decided. */
  readonly version: string;
  readonly decidedAt: string;
}

const Told = z.object({
  timeVerified: z.string(),
  verifier: z.object({ version: z.object({ 'repro-quorum': z.string() }) }),
});

/**
 * Computes the statement that the coordinator has to sign for a round, decided as the log stood
 * before the verdict.
 *
 * @throws ConsensusError as `countReplay`
 */
export function recomputeVerdict(replay: Replay, head: VerdictHead): Statement {
  const { open, roster, round, inputs, state } = replay;
  const final = { ...replay, state: { ...state, phase: 'final' as const } };
  const verdicts = countReplay(final, head.origin);
  // Where nothing was counted, nothing has passed.
  const isPassed = verdicts.length > 0 && roundOutcome(verdicts) === 'satisfied';
  return verdictStatement({
    ...{ coordinatorKeyId: head.coordinatorKeyId, version: head.version },
    ...{ decidedAt: head.decidedAt, round, policySha256: round, isPassed },
    releaseName: open.release.name,
    needed: verdicts[0]?.needed ?? 0,
    eligible: roster.length,
    subject: verdictSubjects(open.release, verdicts, isPassed),
    inputs: inputs.map((entry) => ({
      uri: `log:${head.origin}#${entry.index}`,
      digest: { sha256: loggedDigest(entry) },
    })),
    artifacts: verdicts,
  });
}

/**
 * Tells whether the verdict that was signed is the one that follows from the log; null while there is
 * none. Time and version of the program are its own; all else has to be equal, byte for byte.
 *
 * @throws ConsensusError as `countReplay`
 */
export function isVerdictTrue(
  replay: Replay,
  origin: string,
  coordinator: Uint8Array,
): boolean | null {
  if (replay.verdict === null) return null;
  const { statement } = replay.verdict;
  const told = Told.safeParse(statement.predicate);
  if (!told.success) return false;
  const { timeVerified: decidedAt, verifier } = told.data;
  const version = verifier.version['repro-quorum'];
  const coordinatorKeyId = keyIdOf(coordinator);
  const expected = recomputeVerdict(replay, { origin, coordinatorKeyId, version, decidedAt });
  try {
    return canonicalJson(expected) === canonicalJson(statement);
  } catch (error) {
    // Nested deeper than anybody can write: certainly not what follows from the log.
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

/**
 * The artifacts that a verdict speaks for: what the proposal elects, or all that was asked where it
 * elects none. Passed, each has the digest that was agreed on; failed, the published one that did
 * not come out. A digest that nobody built must never stand under a PASSED.
 */
export function verdictSubjects(
  release: Release,
  verdicts: readonly ArtifactVerdict[],
  isPassed: boolean,
): { name: string; digest: Record<string, string> }[] {
  const elected = verdicts.filter((verdict) => verdict.elected);
  const subjects = (elected.length > 0 ? elected : verdicts).flatMap((verdict) => {
    const artifact = release.artifacts.find(({ name }) => name === verdict.name);
    const agreed = agreedDigest(verdict.clusters, verdict.needed);
    const digest = isPassed ? agreed : (verdict.expected ?? agreed);
    if (artifact === undefined || digest === null) return [];
    return [{ name: subjectName(release, artifact), digest: { sha256: digest } }];
  });
  // A statement needs a subject even where nothing came out and nothing was published.
  return subjects.length > 0 ? subjects : [{ name: release.name, digest: release.source.digest }];
}

/** Digest of an envelope in the spelling in which it is logged, however the bundle spells it. */
function loggedDigest({ envelope, publicKey }: OpenedEntry): string {
  const payload = Buffer.from(envelope.payload, 'base64');
  return envelopeDigest({
    payload: toBase64(payload),
    payloadType: envelope.payloadType,
    signatures: [{ keyid: keyIdOf(publicKey), sig: toBase64(signatureOf(envelope)) }],
  });
}
