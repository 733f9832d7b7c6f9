import { quote, toBase64 } from '#libs/encoding';
import { TlogError } from './error.js';
import { HASH_BYTES, asHash } from './merkle.js';
import { MAX_NOTE_BYTES, MAX_SIGNATURES } from './note.js';
import { asSize, parseDecimal } from './position.js';
import { parseSignatureLine } from './signature-line.js';
import { decodeBase64, decodeText } from './text.js';

const MAX_PROOF_LINES = 63;
const MAX_SIZE_BODY_BYTES = 21;

/** Bytes of one request: a note's, and room for the longest proof. */
export const MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4_096;

/** Content type of the body of a 409, which holds the size the witness has. */
export const TREE_SIZE_TYPE = 'text/x.tlog.size';

/** What a log asks of a witness. Nothing in it is verified yet. */
export interface AddCheckpoint {
  /** Leaves of the checkpoint that the log believes the witness cosigned last; 0 for none. */
  readonly oldSize: bigint;
  /** Consistency proof from `oldSize`: at most 63 hashes of 32 bytes, none from size 0. */
  readonly proof: readonly Uint8Array[];
  /** The whole signed note, byte for byte. */
  readonly checkpoint: string;
}

/**
 * Writes the body of an add-checkpoint request.
 *
 * @throws TlogError MALFORMED_REQUEST when there are more than 63 hashes
 * @throws TlogError MALFORMED_HASH when one has not 32 bytes
 * @throws TlogError OUT_OF_RANGE unless 0 <= oldSize < 2^64
 * @throws TlogError TOO_LARGE above {@link MAX_REQUEST_BYTES}
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (proof.length > MAX_PROOF_LINES) throw tooMany(proof.length);
  const lines = [`old ${String(asSize(oldSize))}`, ...proof.map((hash) => toBase64(asHash(hash)))];
  const body = `${lines.join('\n')}\n\n${checkpoint}`;
  return decodeText(body, MAX_REQUEST_BYTES, 'MALFORMED_REQUEST');
}

/**
 * Reads the body of an add-checkpoint request without verifying anything.
 *
 * @throws TlogError MALFORMED_REQUEST or TOO_LARGE
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function parseAddCheckpoint(body: Uint8Array | string): AddCheckpoint {
  const whole = decodeText(body, MAX_REQUEST_BYTES, 'MALFORMED_REQUEST');
  // The first blank line: none can stand above it, and the checkpoint has one of its own.
  const split = whole.indexOf('\n\n');
  if (split < 0) throw malformed('no blank line parts the proof from the checkpoint');
  const [first = '', ...lines] = whole.slice(0, split).split('\n');
  const oldSize = first.startsWith('old ') ? parseDecimal(first.slice(4)) : undefined;
  if (oldSize === undefined) {
    throw malformed(`first line is ${quote(first)}, expected "old" and a plain decimal`);
  }
  if (lines.length > MAX_PROOF_LINES) throw tooMany(lines.length);
  const proof = lines.map((line) => decodeBase64(line, 'MALFORMED_REQUEST', HASH_BYTES));
  return { oldSize, proof, checkpoint: whole.slice(split + 2) };
}

/**
 * Writes the body of a 409: the size of the checkpoint that the witness cosigned last.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function formatTreeSize(size: bigint): string {
  return `${String(asSize(size))}\n`;
}

/**
 * Reads the body of a 409.
 *
 * @throws TlogError MALFORMED_RESPONSE unless it is a plain decimal below 2^64 and a newline
 * @throws TlogError TOO_LARGE when it is longer than any such size
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function parseTreeSize(body: Uint8Array | string): bigint {
  const text = decodeText(body, MAX_SIZE_BODY_BYTES, 'MALFORMED_RESPONSE');
  const size = text.endsWith('\n') ? parseDecimal(text.slice(0, -1)) : undefined;
  if (size !== undefined) return size;
  throw new TlogError('MALFORMED_RESPONSE', `${quote(text)} is not a size and a newline`);
}

/**
 * Reads the body of a 200 into its signature lines, newline and all, of one witness or several
 * keys of it. Nothing is verified: see verifyCosignature for each line of a key that is known.
 *
 * @throws TlogError MALFORMED_RESPONSE unless it is 1 to {@link MAX_SIGNATURES} signature lines
 * @throws TlogError TOO_LARGE above {@link MAX_NOTE_BYTES}
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function parseCosignatureLines(body: Uint8Array | string): readonly string[] {
  const text = decodeText(body, MAX_NOTE_BYTES, 'MALFORMED_RESPONSE');
  const lines = text.split(/(?<=\n)/);
  checkCount(lines.length);
  for (const line of lines) parseSignatureLine(line, 'MALFORMED_RESPONSE');
  return lines;
}

/**
 * Writes the body of a 200 of signature lines as cosign returns them.
 *
 * @throws TlogError as {@link parseCosignatureLines}
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function formatCosignatureLines(lines: readonly string[]): string {
  return parseCosignatureLines(lines.join('')).join('');
}

function checkCount(count: number): void {
  if (count <= MAX_SIGNATURES) return;
  const message = `${count} cosignatures, expected at most ${MAX_SIGNATURES}`;
  throw new TlogError('MALFORMED_RESPONSE', message);
}

function tooMany(count: number): TlogError {
  return malformed(`${count} hashes, but a request has at most ${MAX_PROOF_LINES}`);
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_REQUEST', message);
}
