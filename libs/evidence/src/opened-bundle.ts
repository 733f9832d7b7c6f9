import { AttestationError } from '#libs/attestation';
import { fromBase64, toHex, type Sha256 } from '#libs/encoding';
import {
  ed25519Verifier,
  hashEntryLeaf,
  openCheckpoint,
  TlogError,
  verifyLeafSet,
  type NoteVerifier,
  type PublicNoteKey,
  type SignedCheckpoint,
} from '#libs/tlog';
import type { BundleHeader, LeafLine, ProposalLine } from './bundle-line.js';
import type { PlacedLine } from './bundle-text.js';
import { kindOf, type OpenedEntry } from './entry.js';
import type { Finding, FindingCode } from './finding.js';
import type { OpenedLines } from './open-lines.js';

/** A leaf of the log without its envelope: who signed something there. */
export interface BareLeaf {
  readonly index: number;
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

/** The log's checkpoint in a bundle, opened. */
export interface OpenedCheckpoint extends SignedCheckpoint {
  /** 32 raw bytes: the log's key that signed it, which is the coordinator's. */
  readonly coordinator: Uint8Array;
}

/** A bundle whose signatures and proof were looked at. What is wrong stands in the findings. */
export interface OpenedBundle {
  readonly header: BundleHeader | null;
  /** Entries whose signature holds, by rising index. */
  readonly entries: readonly OpenedEntry[];
  readonly leaves: readonly BareLeaf[];
  /** Null where there is none that the log signed. */
  readonly checkpoint: OpenedCheckpoint | null;
  /** Hashes of consistency proofs to the checkpoint, by the size that they lead from. */
  readonly consistency: ReadonlyMap<number, readonly Uint8Array[]>;
  readonly proposal: ProposalLine | null;
  readonly findings: readonly Finding[];
}

type Placed<T extends PlacedLine['type']> = Extract<PlacedLine, { type: T }>;

/** Puts together what lines and opened entries make of a bundle: its checkpoint, proof and findings. */
export function openedBundle(
  header: BundleHeader | null,
  { lines, unread, entries: opened, unopened }: OpenedLines,
  logKeys: readonly PublicNoteKey[],
): OpenedBundle {
  // As many as a hostile file has lines: too many for the arguments of one call.
  const findings = [...unread, ...unopened];
  const note = (code: FindingCode, message: string, where: Partial<Finding> = {}): void => {
    findings.push({ code, message, line: null, index: null, ...where });
  };
  const only = <T extends PlacedLine['type']>(type: T): Placed<T> | null => {
    const [first = null, second] = linesOf(lines, type);
    if (second !== undefined) {
      note('line-repeated', `a bundle has one line of type ${type}`, { line: second.line });
    }
    return first;
  };

  const checkpoint =
    header === null ? null : checkpointOf(only('checkpoint'), header, logKeys, note);
  const bare = linesOf(lines, 'leaf');
  const told = linesOf(lines, 'envelope');
  if (checkpoint !== null) checkKinds(told, opened, checkpoint.coordinator, note);
  const entries = opened.toSorted((a, b) => a.index - b.index);
  const leaves = [
    ...entries.map(({ index, line, leafHash }) => ({ index, line, leafHash })),
    ...bare.map((leaf) => ({ index: leaf.index, line: leaf.line, leafHash: leafHashOf(leaf) })),
  ].toSorted((a, b) => a.index - b.index);
  const seen = new Map<string, number>();
  for (const [at, { index, line, leafHash }] of leaves.entries()) {
    const id = toHex(leafHash);
    const first = seen.get(id);
    if (leaves[at - 1]?.index === index) {
      note('line-repeated', `two lines are of log index ${index}`, { line, index });
    } else if (first !== undefined) {
      note('entry-repeated', `the entry at ${first} stands in the log again`, { line, index });
    }
    seen.set(id, first ?? index);
  }
  const proof = only('proof');
  if (header !== null && proof === null) note('proof-missing', 'the bundle has no proof');
  // What was not opened is said already: a proof without it could only say that it is missing.
  if (proof !== null && checkpoint !== null && entries.length === told.length) {
    checkProof(leaves, proof.hashes, checkpoint, (message) => {
      note('proof-wrong', message, { line: proof.line });
    });
  }
  const consistency = new Map(
    linesOf(lines, 'consistency').map(({ size, hashes }) => [size, hashes.map(fromBase64)]),
  );
  return {
    ...{ header, entries, checkpoint, consistency, findings },
    leaves: bare.map(({ index, publicKey }) => ({ index, publicKey: fromBase64(publicKey) })),
    proposal: only('proposal'),
  };
}

type Note = (code: FindingCode, message: string, where?: Partial<Finding>) => void;

/** Makes verifiers of those keys that are of one log. */
export function logVerifiers(
  logKeys: readonly PublicNoteKey[],
  origin: string,
): readonly NoteVerifier[] {
  const own = logKeys.filter(({ name }) => name === origin);
  return own.map(({ name, publicKey }) => ed25519Verifier(name, publicKey));
}

function linesOf<T extends PlacedLine['type']>(
  lines: readonly PlacedLine[],
  type: T,
): readonly Placed<T>[] {
  return lines.filter((line): line is Placed<T> => line.type === type);
}

function checkpointOf(
  found: Placed<'checkpoint'> | null,
  { origin }: BundleHeader,
  logKeys: readonly PublicNoteKey[],
  note: Note,
): OpenedCheckpoint | null {
  if (found === null) {
    note('checkpoint-missing', 'the bundle has no checkpoint');
    return null;
  }
  try {
    const opened = openCheckpoint(found.note, logVerifiers(logKeys, origin), origin);
    const signer = opened.verified.find(({ name }) => name === origin);
    const key = logKeys.find(({ name, keyId }) => name === origin && keyId === signer?.keyId);
    if (key !== undefined) return { ...opened, coordinator: key.publicKey };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    note('checkpoint-wrong', `${error.code}: ${error.message}`, { line: found.line });
  }
  return null;
}

function checkKinds(
  lines: readonly Placed<'envelope'>[],
  entries: readonly OpenedEntry[],
  coordinator: Uint8Array,
  note: Note,
): void {
  const told = new Map(lines.map(({ line, kind }) => [line, kind]));
  for (const entry of entries) {
    const { index, line } = entry;
    try {
      const kind = kindOf(entry, coordinator);
      if (told.get(line ?? 0) === kind) continue;
      note('kind-wrong', `the entry is of kind ${kind}, not what its line says`, { line, index });
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      note('statement-malformed', `${error.code}: ${error.message}`, { line, index });
    }
  }
}

function leafHashOf({ digest, signature, publicKey }: LeafLine): Uint8Array {
  return hashEntryLeaf({
    // The line's schema has seen to its form.
    paeSha256: digest as Sha256,
    signature: fromBase64(signature),
    publicKey: fromBase64(publicKey),
  });
}

function checkProof(
  leaves: readonly { readonly index: number; readonly leafHash: Uint8Array }[],
  hashes: readonly string[],
  { checkpoint: { size, root } }: OpenedCheckpoint,
  note: (message: string) => void,
): void {
  try {
    verifyLeafSet({
      leaves: leaves.map(({ index, leafHash }) => ({ index: BigInt(index), leafHash })),
      proof: hashes.map(fromBase64),
      ...{ size, root },
    });
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    note(`${error.code}: ${error.message}`);
  }
}
