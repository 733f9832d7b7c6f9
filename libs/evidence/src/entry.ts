import {
  AttestationError,
  NAMESPACE,
  isKeyStatement,
  parseStatement,
  signedPartsOf,
  unverifiedPayload,
  verifySignature,
  verifySignatureAsync,
  type Envelope,
  type SignedParts,
  type Statement,
} from '#libs/attestation';
import { sha256, toBase64, type Sha256 } from '#libs/encoding';
import { hashEntryLeaf } from '#libs/tlog';
import type { EntryKind } from './bundle-line.js';

/** An entry of the log whose signature was verified with the key in its leaf. */
export interface OpenedEntry {
  readonly index: number;
  /** Line of the bundle that it stands on; null where it comes from elsewhere. */
  readonly line: number | null;
  /** 32 raw bytes: who signed. What this key may say is not decided here. */
  readonly publicKey: Uint8Array;
  readonly envelope: Envelope;
  readonly statement: Statement;
  /** SHA-256 of the PAE: what a commit to this entry promises. */
  readonly commitment: Sha256;
  readonly leafHash: Uint8Array;
}

/** An entry before it is opened. */
export type SealedEntry = Pick<OpenedEntry, 'index' | 'line' | 'publicKey' | 'envelope'>;

/**
 * Opens an entry: verifies the signature beside this thread, reads the statement, computes the leaf.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, MALFORMED_STATEMENT, BAD_SIGNATURE, BAD_KEY
 */
export async function openEntryAsync(sealed: SealedEntry): Promise<OpenedEntry> {
  const parts = signedPartsOf(sealed.envelope);
  const verifying = verifySignatureAsync(sealed.publicKey, parts.message, parts.signature);
  // Read meanwhile, and shown to nobody, nor what is wrong with it, before it is known who signed it.
  let opened: OpenedEntry | null = null;
  let failure: unknown;
  try {
    opened = read(sealed, parts);
  } catch (error) {
    failure = error;
  }
  vouch(await verifying);
  if (opened === null) throw failure;
  return opened;
}

/** Opens an entry, and throws as {@link openEntryAsync} does. */
export type EntryOpener = (sealed: SealedEntry) => Promise<OpenedEntry>;

/**
 * Opens like {@link openEntryAsync}, and remembers up to `most` entries that were good: for whoever
 * reads one growing bundle again and again. What was signed, by which key and with which bytes is all
 * that opening depends on, and all of it is what an entry is remembered by.
 */
export function rememberingOpener(most: number): EntryOpener {
  const known = new Map<string, OpenedEntry>();
  return async (sealed) => {
    const { envelope, publicKey } = sealed;
    const [signature] = envelope.signatures;
    const parts = [envelope.payloadType, envelope.payload, signature?.sig, toBase64(publicKey)];
    const id = JSON.stringify(parts);
    const found = known.get(id);
    if (found !== undefined) return { ...found, ...sealed };
    const opened = await openEntryAsync(sealed);
    if (known.size >= most) known.clear();
    known.set(id, opened);
    return opened;
  };
}

/** {@link openEntryAsync} at once. */
export function openEntry(sealed: SealedEntry): OpenedEntry {
  const parts = signedPartsOf(sealed.envelope);
  vouch(verifySignature(sealed.publicKey, parts.message, parts.signature));
  return read(sealed, parts);
}

/** Gives the digest of what an entry says: of a RoundOpen, the round's id. */
export function payloadDigestOf({ envelope }: OpenedEntry): Sha256 {
  return sha256(unverifiedPayload(envelope));
}

function vouch(isValid: boolean): void {
  if (isValid) return;
  throw new AttestationError('BAD_SIGNATURE', 'the signature is not by the expected key');
}

function read(sealed: SealedEntry, { payload, message, signature }: SignedParts): OpenedEntry {
  const commitment = sha256(message);
  const statement = parseStatement(payload);
  const signed = { paeSha256: commitment, signature, publicKey: sealed.publicKey };
  return { ...sealed, statement, commitment, leafHash: hashEntryLeaf(signed) };
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  [`${NAMESPACE}/round-open/v1`]: 'round-open',
  [`${NAMESPACE}/round-amend/v1`]: 'round-amend',
  [`${NAMESPACE}/decline/v1`]: 'decline',
  [`${NAMESPACE}/commit/v1`]: 'commit',
  [`${NAMESPACE}/round-close/v1`]: 'round-close',
  'https://slsa.dev/provenance/v1': 'result',
  'https://in-toto.io/attestation/test-result/v0.1': 'result',
  [`${NAMESPACE}/reveal/v1`]: 'reveal',
  'https://slsa.dev/verification_summary/v1': 'verdict',
  [`${NAMESPACE}/verdict-refusal/v1`]: 'refusal',
  [`${NAMESPACE}/log-succession/v1`]: 'log-succession',
  [`${NAMESPACE}/admin-act/v1`]: 'admin-act',
};

/**
 * Derives what an entry says from its statement alone. A countersignature has a verdict's payload, so
 * it is told apart by its signer.
 *
 * @throws AttestationError WRONG_KIND for a statement that no log of ours holds
 */
export function kindOf({ statement, publicKey }: OpenedEntry, coordinator: Uint8Array): EntryKind {
  if (isKeyStatement(statement)) return 'key';
  const kind = Object.hasOwn(KINDS, statement.predicateType)
    ? KINDS[statement.predicateType]
    : undefined;
  if (kind === undefined) {
    throw new AttestationError('WRONG_KIND', 'the statement is none that a round logs');
  }
  if (kind !== 'verdict') return kind;
  return Buffer.compare(publicKey, coordinator) === 0 ? 'verdict' : 'countersignature';
}
