import {
  AttestationError,
  builderIdOf,
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  signatureOf,
} from '#libs/attestation';
import type { LoggedAttestation } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import {
  ed25519Verifier,
  hashEntryLeaf,
  TlogError,
  verifyProofFile,
  type PublicNoteKey,
} from '#libs/tlog';
import type { Step, StepState } from './protocol.js';

/** What one logged envelope is held against. */
export interface EntryClaim {
  /** The digest by which it was asked for. */
  readonly sha256: string;
  readonly log: PublicNoteKey;
  /** The key that the reader gave; null where he gave none. */
  readonly given: Uint8Array | null;
  /** Keys that may have signed, where he gave none. */
  readonly found: readonly Uint8Array[];
}

/** Verifies one logged envelope: that it is the one asked for, who signed it, that the log has it. */
export function entrySteps(logged: LoggedAttestation, claim: EntryClaim): readonly Step[] {
  const { sha256, log, given, found } = claim;
  const isThisOne = envelopeDigest(logged.envelope) === sha256;
  // The log's key is the coordinator's, and signs what no builder does.
  const keys =
    given !== null ? [given] : [...(logged.builder === null ? [log.publicKey] : []), ...found];
  const key = keys.find((one) => hasSigned(logged, one));
  return [
    stepOf(
      'It is the envelope of this address',
      isThisOne ? 'holds' : 'fails',
      `SHA-256 ${sha256}`,
    ),
    key === undefined ? unsigned(logged, claim) : signed(logged, claim, key),
    inclusionStep(logged, key, log),
  ];
}

/** One step without findings. */
export function stepOf(title: string, state: StepState, said: string): Step {
  return { title, state, said, findings: [], more: 0 };
}

const SIGNED = 'It is signed';

function unsigned({ builder }: LoggedAttestation, { given, found }: EntryClaim): Step {
  if (given !== null) return stepOf(SIGNED, 'fails', 'not by the key that you gave');
  // Without a key that should have signed nothing is said against the signature.
  if (builder === null || found.length === 0) {
    const why = 'the key of who should have signed is not told here: paste it';
    return stepOf(SIGNED, 'unreached', why);
  }
  return stepOf(SIGNED, 'fails', `by no key that this coordinator tells of ${builder}`);
}

function signed({ builder }: LoggedAttestation, { given, log }: EntryClaim, key: Uint8Array): Step {
  const text = toBase64(key);
  const say = (by: string): Step => stepOf(SIGNED, 'holds', `by ${by}`);
  if (given !== null) return say(`the key that you gave, ${text}`);
  if (builder === null && text === toBase64(log.publicKey)) {
    return say('the key of the log, which is the coordinator’s');
  }
  if (builder === null) return say(`${text}, a key that the statement itself names`);
  return builderIdOf(key) === builder
    ? say(`${text}, the key that the id ${builder} is made of`)
    : say(`${text}, a key of ${builder} on the coordinator’s word`);
}

function inclusionStep(
  { envelope, proof, index }: LoggedAttestation,
  publicKey: Uint8Array | undefined,
  log: PublicNoteKey,
): Step {
  const title = 'It is in the log';
  if (publicKey === undefined) return stepOf(title, 'unreached', '');
  if (proof === null) {
    return stepOf(title, 'unreached', 'the checkpoint that has it is being signed: try again soon');
  }
  const leaf = { paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey };
  try {
    const proven = verifyProofFile({
      text: proof,
      verifiers: [ed25519Verifier(log.name, log.publicKey)],
      origin: log.name,
      leafHash: hashEntryLeaf(leaf),
    });
    const at = `at index ${proven.index} of ${proven.size}, under a checkpoint of ${log.name}`;
    if (proven.index === BigInt(index)) return stepOf(title, 'holds', at);
    return stepOf(title, 'fails', `${at}: the coordinator says ${index}`);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return stepOf(title, 'fails', `${error.code}: ${error.message}`);
  }
}

function hasSigned({ envelope }: LoggedAttestation, key: Uint8Array): boolean {
  try {
    openEnvelope(envelope, key);
    return true;
  } catch (error) {
    if (error instanceof AttestationError) return false;
    throw error;
  }
}
