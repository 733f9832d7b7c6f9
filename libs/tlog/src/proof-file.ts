import { quote, toBase64 } from '#libs/encoding';
import { openCheckpoint } from './checkpoint.js';
import type { SignedCheckpoint } from './checkpoint.js';
import { TlogError } from './error.js';
import { verifyInclusion } from './inclusion.js';
import { HASH_BYTES, asHash, hashLeaf } from './merkle.js';
import { MAX_NOTE_BYTES } from './note.js';
import type { NoteVerifier } from './note-key.js';
import { asSize, parseDecimal } from './position.js';
import { decodeBase64, decodeText } from './text.js';

/** First line of a proof file. */
export const PROOF_FILE_HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF_HASHES = 64;

/** Bytes of one proof file: a note's, and as many for the rest. */
export const MAX_PROOF_FILE_BYTES = 2 * MAX_NOTE_BYTES;

/** What a proof file holds. Nothing in it is verified yet, and `extra` never will be. */
export interface ProofFile {
  readonly index: bigint;
  /** Sibling hashes, leaf upwards, at most 64 of 32 bytes. */
  readonly proof: readonly Uint8Array[];
  /** The whole signed note, byte for byte. */
  readonly checkpoint: string;
  /** Opaque and unauthenticated. */
  readonly extra?: Uint8Array;
}

/** What a proof file is checked against: the leaf itself or its hash, the log and its keys. */
export type ProofFileClaim = {
  readonly text: Uint8Array | string;
  /** Keys of the log and of witnesses; those of the log are named as its origin. */
  readonly verifiers: readonly NoteVerifier[];
  readonly origin: string;
} & ({ readonly entry: Uint8Array } | { readonly leafHash: Uint8Array });

/** A leaf's place in a log that its log signed for; `verified` names log and witness keys. */
export interface ProvenLeaf extends SignedCheckpoint {
  readonly index: bigint;
  readonly size: bigint;
}

/**
 * Writes a proof file; its name should end in `.tlog-proof`.
 *
 * @throws TlogError MALFORMED_PROOF_FILE when there are more than 64 hashes
 * @throws TlogError MALFORMED_HASH when one has not 32 bytes
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < 2^64
 * Source: C2SP tlog-proof, "Format"
 */
export function formatProofFile({ index, proof, checkpoint, extra }: ProofFile): string {
  if (proof.length > MAX_PROOF_HASHES) throw malformed(tooMany(proof.length));
  const lines = [
    PROOF_FILE_HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${String(asSize(index))}`,
    ...proof.map((hash) => toBase64(asHash(hash))),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/**
 * Reads a proof file without verifying anything.
 *
 * @throws TlogError MALFORMED_PROOF_FILE or TOO_LARGE
 * Source: C2SP tlog-proof, "Format"
 */
export function parseProofFile(text: Uint8Array | string): ProofFile {
  const whole = decodeText(text, MAX_PROOF_FILE_BYTES, 'MALFORMED_PROOF_FILE');
  // The first blank line: none can stand above it, and a checkpoint has one of its own.
  const split = whole.indexOf('\n\n');
  if (split < 0) throw malformed('no blank line parts the proof from its checkpoint');
  const [header, ...lines] = whole.slice(0, split).split('\n');
  if (header !== PROOF_FILE_HEADER) {
    throw malformed(`first line is ${quote(header ?? '')}, expected ${quote(PROOF_FILE_HEADER)}`);
  }
  const extra = field(lines[0], 'extra');
  if (extra !== undefined) lines.shift();
  const indexText = field(lines.shift(), 'index');
  const index = indexText === undefined ? undefined : parseDecimal(indexText);
  if (index === undefined) throw malformed('expected a line "index" with a plain decimal');
  if (lines.length > MAX_PROOF_HASHES) throw malformed(tooMany(lines.length));
  return {
    index,
    proof: lines.map((line) => decodeBase64(line, 'MALFORMED_PROOF_FILE', HASH_BYTES)),
    checkpoint: whole.slice(split + 2),
    ...(extra !== undefined && { extra: decodeBase64(extra, 'MALFORMED_PROOF_FILE') }),
  };
}

/**
 * Verifies offline that a leaf is in the log: the checkpoint is the log's and signed by it, and the
 * proof leads from the leaf to its root. How many witnesses must be among `verified` is the
 * caller's policy.
 *
 * @throws TlogError as {@link parseProofFile}, openCheckpoint and verifyInclusion
 * Source: C2SP tlog-proof, "Verifying a tlog proof"
 */
export function verifyProofFile(claim: ProofFileClaim): ProvenLeaf {
  const { index, proof, checkpoint: note } = parseProofFile(claim.text);
  const signed = openCheckpoint(note, claim.verifiers, claim.origin);
  const { size, root } = signed.checkpoint;
  const leafHash = 'entry' in claim ? hashLeaf(claim.entry) : claim.leafHash;
  verifyInclusion({ leafHash, index, size, proof, root });
  return { ...signed, index, size };
}

function field(line: string | undefined, name: string): string | undefined {
  return line?.startsWith(`${name} `) ? line.slice(name.length + 1) : undefined;
}

function tooMany(count: number): string {
  return `${count} hashes, but no path is longer than ${MAX_PROOF_HASHES}`;
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_PROOF_FILE', message);
}
