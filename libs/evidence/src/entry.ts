import {
  AttestationError,
  parseStatement,
  signedPartsOf,
  statementKind,
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

/** An entry whose signature is being verified. */
export interface OpeningEntry {
  /** What it is if the signature holds: nobody's word until then. Null where it cannot be read. */
  readonly presumed: OpenedEntry | null;
  /**
   * The very same, once the signature holds.
   *
   * @throws AttestationError MALFORMED_STATEMENT, BAD_SIGNATURE, BAD_KEY
   */
  readonly opened: Promise<OpenedEntry>;
}

/**
 * Opens an entry: verifies the signature beside this thread, reads the statement, computes the leaf.
 *
 * @throws AttestationError MALFORMED_ENVELOPE
 */
export function openEntryBeside(sealed: SealedEntry): OpeningEntry {
  const parts = signedPartsOf(sealed.envelope);
  const verifying = verifySignatureAsync(sealed.publicKey, parts.message, parts.signature);
  let presumed: OpenedEntry | null = null;
  let failure: unknown;
  try {
    presumed = read(sealed, parts);
  } catch (error) {
    // What is wrong with it is told only once it is known who signed it.
    failure = error;
  }
  return { presumed, opened: vouchedFor(presumed, verifying, failure) };
}

async function vouchedFor(
  presumed: OpenedEntry | null,
  verifying: Promise<boolean>,
  failure: unknown,
): Promise<OpenedEntry> {
  vouch(await verifying);
  if (presumed === null) throw failure;
  return presumed;
}

/** Opens an entry, and throws as {@link openEntryBeside} does. */
export type EntryOpener = (sealed: SealedEntry) => OpeningEntry;

/**
 * Opens like {@link openEntryBeside}, and remembers up to `most` entries that were good: for whoever
 * reads one growing bundle again and again. What was signed, by which key and with which bytes is all
 * that opening depends on, and all of it is what an entry is remembered by.
 */
export function rememberingOpener(most: number): EntryOpener {
  const known = new Map<string, OpenedEntry>();
  const remember = async (id: string, opening: Promise<OpenedEntry>): Promise<OpenedEntry> => {
    const opened = await opening;
    if (known.size >= most) known.clear();
    known.set(id, opened);
    return opened;
  };
  return (sealed) => {
    const { envelope, publicKey } = sealed;
    const [signature] = envelope.signatures;
    const parts = [envelope.payloadType, envelope.payload, signature?.sig, toBase64(publicKey)];
    const id = JSON.stringify(parts);
    const found = known.get(id);
    if (found !== undefined) {
      const presumed = { ...found, ...sealed };
      return { presumed, opened: Promise.resolve(presumed) };
    }
    const { presumed, opened } = openEntryBeside(sealed);
    return { presumed, opened: remember(id, opened) };
  };
}

/** Opens an entry at once. @throws AttestationError as {@link openEntryBeside}, all of them here */
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

/**
 * Derives what an entry says from its statement alone. A countersignature has a verdict's payload, so
 * it is told apart by its signer.
 *
 * @throws AttestationError WRONG_KIND for a statement that no log of ours holds
 */
export function kindOf({ statement, publicKey }: OpenedEntry, coordinator: Uint8Array): EntryKind {
  const kind = statementKind(statement);
  if (kind === null) {
    throw new AttestationError('WRONG_KIND', 'the statement is none that a round logs');
  }
  if (kind !== 'verdict') return kind;
  return Buffer.compare(publicKey, coordinator) === 0 ? 'verdict' : 'countersignature';
}
