import {
  AttestationError,
  builderIdOf,
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  signatureOf,
  unverifiedPayload,
} from '#libs/attestation';
import { LoggedAttestation } from '#libs/contracts';
import { EncodingError, fromBase64, toBase64 } from '#libs/encoding';
import {
  ed25519Verifier,
  hashLeaf,
  logEntry,
  parseVkey,
  TlogError,
  verifyProofFile,
  type PublicNoteKey,
} from '#libs/tlog';
import { fetchWhole } from './fetch-whole.js';
import type { Question, Step, StepState, Told, Verified } from './protocol.js';
import { Refusal } from './refusal.js';

type EntryQuestion = Extract<Question, { kind: 'entry' }>;

const MAX_BYTES = 64 * 1024 * 1024;
const KEY_ADVICE =
  'Paste the verifier key of this log, as a builder or a witness of it was given it.';

/**
 * Fetches one logged envelope and verifies that it is the one asked for, who signed it, and that it is
 * in the log under a checkpoint that the log signed.
 *
 * @throws Refusal
 */
export async function verifyLogEntry(
  { sha256, vkey, signer }: EntryQuestion,
  tell: (told: Told) => void,
): Promise<Verified> {
  const log = logKeyOf(vkey);
  const typed = signer.trim() === '' ? null : signerKeyOf(signer.trim());
  const bytes = await fetchWhole(`/v1/attestations/${sha256}`, MAX_BYTES, (size) => {
    tell({ kind: 'fetching', bytes: size });
  });
  tell({ kind: 'verifying', entries: 0 });
  const logged = LoggedAttestation.safeParse(jsonOf(bytes)).data;
  if (logged === undefined) {
    return summed([step('The entry is read', 'fails', 'it is not a logged envelope')]);
  }
  const isThisOne = envelopeDigest(logged.envelope) === sha256;
  const keys = typed === null ? await keysFor(logged, log) : [typed];
  const key = keys.find((one) => hasSigned(logged, one));
  return summed([
    step('It is the envelope of this address', isThisOne ? 'holds' : 'fails', `SHA-256 ${sha256}`),
    step('It is signed', key === undefined ? 'fails' : 'holds', signedBy(logged, key, log, typed)),
    inclusionStep(logged, key, log),
  ]);
}

function inclusionStep(
  { envelope, proof, index }: LoggedAttestation,
  publicKey: Uint8Array | undefined,
  log: PublicNoteKey,
): Step {
  const title = 'It is in the log';
  if (publicKey === undefined) return step(title, 'unreached', '');
  if (proof === null) return step(title, 'unreached', 'the checkpoint that has it is being signed');
  const leaf = { paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey };
  try {
    const proven = verifyProofFile({
      text: proof,
      verifiers: [ed25519Verifier(log.name, log.publicKey)],
      origin: log.name,
      leafHash: hashLeaf(logEntry(leaf)),
    });
    const at = `at index ${proven.index} of ${proven.size} under a checkpoint of ${log.name}`;
    if (proven.index === BigInt(index)) return step(title, 'holds', at);
    return step(title, 'fails', `${at}, not at ${index}`);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return step(title, 'fails', `${error.code}: ${error.message}`);
  }
}

/** Keys that may have signed: the log's, which is the coordinator's, and those told of the builder. */
async function keysFor(logged: LoggedAttestation, log: PublicNoteKey): Promise<Uint8Array[]> {
  const { builder, envelope } = logged;
  if (builder === null) return [log.publicKey];
  const found = new Set<string>();
  const told = await textOf(`/v1/keys/${builder}`);
  const round = /"round":"([0-9a-f]{64})"/.exec(payloadOf(envelope))?.[1];
  const roster = round === undefined ? '' : await rosterOf(round);
  // Keys are looked for, never believed: who they are of is said with the signature.
  for (const [, key] of `${told}${roster}`.matchAll(
    /"(?:publicKey|attestation)":"([\w+/]{43}=)"/g,
  )) {
    if (key !== undefined) found.add(key);
  }
  return [...found].map(fromBase64Loose).filter((key) => key !== null);
}

async function rosterOf(round: string): Promise<string> {
  const text = await textOf(`/v1/rounds/${round}/attestations`);
  const parsed = jsonOf(new TextEncoder().encode(text));
  const list =
    typeof parsed === 'object' && parsed !== null && 'attestations' in parsed
      ? LoggedAttestation.array().safeParse(parsed.attestations).data
      : undefined;
  return (list ?? [])
    .filter(({ kind }) => kind === 'round-open')
    .map(({ envelope }) => payloadOf(envelope))
    .join('\n');
}

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await fetchWhole(path, MAX_BYTES, () => undefined));
  } catch (error) {
    // There may be none: then another has it, or the reader.
    if (error instanceof Refusal) return '';
    throw error;
  }
}

function payloadOf(envelope: LoggedAttestation['envelope']): string {
  try {
    return new TextDecoder().decode(unverifiedPayload(envelope));
  } catch {
    return '';
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

function signedBy(
  { builder }: LoggedAttestation,
  key: Uint8Array | undefined,
  log: PublicNoteKey,
  typed: Uint8Array | null,
): string {
  if (key === undefined) {
    return typed === null
      ? 'by no key that this coordinator tells of: paste the key of whoever should have signed'
      : 'not by the key that you gave';
  }
  const text = toBase64(key);
  if (typed !== null) return `by the key that you gave, ${text}`;
  if (text === toBase64(log.publicKey)) return 'by the key of the log, which is the coordinator’s';
  return builderIdOf(key) === builder
    ? `by the key that the id ${builder} is made of, ${text}`
    : `by ${text}, which is a key of ${builder ?? 'somebody'} on the coordinator’s word`;
}

function logKeyOf(vkey: string): PublicNoteKey {
  try {
    return parseVkey(vkey.trim());
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new Refusal(cause.message, KEY_ADVICE, { cause });
  }
}

function signerKeyOf(text: string): Uint8Array {
  const key = fromBase64Loose(text);
  if (key?.length === 32) return key;
  throw new Refusal(
    'the signer’s key is not base64 of 32 bytes',
    'Leave it empty, or paste it anew.',
  );
}

function fromBase64Loose(text: string): Uint8Array | null {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function summed(steps: readonly Step[]): Verified {
  const isBad = steps.some(({ state }) => state === 'fails');
  const isWhole = steps.every(({ state }) => state === 'holds');
  const outcome = isBad ? 'bad-evidence' : isWhole ? 'satisfied' : 'undecided';
  return { outcome, steps, policy: null };
}

function step(title: string, state: StepState, said: string): Step {
  return { title, state, said, findings: [], more: 0 };
}
