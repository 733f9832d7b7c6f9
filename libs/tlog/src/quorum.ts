import { parseCheckpoint } from './checkpoint.js';
import { cosignatureTime, cosignatureVerifier } from './cosignature.js';
import type { Cosignature } from './cosignature.js';
import { TlogError } from './error.js';
import type { OpenNote } from './note.js';
import { ed25519Verifier } from './note-key.js';
import type { NoteVerifier } from './note-key.js';
import { NO_QUORUM, checkPolicy } from './witness-policy.js';
import type { WitnessPolicy } from './witness-policy.js';

/** A witness of the policy that vouched, with the name the policy calls it by. */
export interface CountedCosignature extends Cosignature {
  readonly witness: string;
}

/** How a checkpoint stands before a policy. */
export interface QuorumJudgement {
  /** Whether the log is accepted and the quorum is reached. */
  readonly isSufficient: boolean;
  /** Whether a listed log of the checkpoint's origin signed it, or the policy lists none. */
  readonly isLogAccepted: boolean;
  /** Witnesses of the policy that cosigned, each once with its latest time, in its order. */
  readonly cosigners: readonly CountedCosignature[];
  /** Names of witnesses of the policy that did not, in its order. */
  readonly missing: readonly string[];
}

/**
 * Judges a checkpoint by a policy. All signatures in the note are looked at, known to whoever
 * opened it or not, and each is verified here. Strangers' lines and wrong ones count for nothing
 * and, unlike in openNote, spoil nothing: so to leave out a line never turns a no into a yes, and
 * to add one never a yes into a no.
 *
 * @param isInTime whether a cosignature of this time, in seconds since 1970, is one at all
 * @throws TlogError MALFORMED_CHECKPOINT when the note's text is no checkpoint
 * @throws TlogError MALFORMED_POLICY or MALFORMED_KEY when the policy was put together wrongly
 * Source: C2SP tlog-policy, "What is a policy?"
 */
export function judgeCosignatures(
  policy: WitnessPolicy,
  note: Pick<OpenNote, 'text' | 'verified' | 'unknown'>,
  isInTime: (timeS: number) => boolean = () => true,
): QuorumJudgement {
  const { logs, witnesses, groups, quorum } = checkPolicy(policy);
  const { origin } = parseCheckpoint(note.text);
  const bytes = Buffer.from(note.text);
  const lines = [...note.verified, ...note.unknown];
  const linesOf = (verifier: NoteVerifier): readonly Uint8Array[] =>
    lines
      .filter(({ name, keyId }) => name === verifier.name && keyId === verifier.keyId)
      .map(({ signature }) => signature)
      .filter((signature) => verifier.verify(bytes, signature));

  const isLogAccepted =
    logs.length === 0 ||
    logs.some(({ key }) => {
      return key.name === origin && linesOf(ed25519Verifier(key.name, key.publicKey)).length > 0;
    });
  const cosigners = witnesses.flatMap(({ name: witness, key: { name, keyId, publicKey } }) => {
    const times = linesOf(cosignatureVerifier(name, publicKey))
      .map(cosignatureTime)
      .filter((time) => time !== undefined);
    const timeS = Math.max(...times.filter(isInTime));
    return timeS >= 0 ? [{ witness, name, keyId, timeS }] : [];
  });

  const vouching = new Set([NO_QUORUM, ...cosigners.map(({ witness }) => witness)]);
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => vouching.has(member)).length >= threshold) vouching.add(name);
  }
  return {
    isSufficient: isLogAccepted && vouching.has(quorum),
    isLogAccepted,
    cosigners,
    missing: witnesses.map(({ name }) => name).filter((name) => !vouching.has(name)),
  };
}

/**
 * How many of `n` witnesses have to cosign so that no two forks both can have enough, although as
 * many as may be missing, n - k, cosign anything: floor(2n / 3) + 1.
 *
 * @throws TlogError OUT_OF_RANGE unless n is a whole number from 1
 * Source: N. Möller on the Sigsum list, November 2023
 */
export function requiredWitnesses(n: number): number {
  if (Number.isSafeInteger(n) && n >= 1) return Math.floor((2 * n) / 3) + 1;
  throw new TlogError('OUT_OF_RANGE', `${n} witnesses, expected a whole number from 1`);
}
