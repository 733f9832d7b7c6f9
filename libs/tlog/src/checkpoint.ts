import { quote, toBase64 } from '#libs/encoding';
import { TlogError } from './error.js';
import { EMPTY_ROOT, HASH_BYTES, asHash, equalBytes } from './merkle.js';
import { openNote } from './note.js';
import type { OpenNote } from './note.js';
import type { NoteVerifier } from './note-key.js';
import { asSize, parseDecimal } from './position.js';
import { decodeBase64, textFault } from './text.js';

/** The head of a log: which log, how many leaves, and the 32-byte root over them. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** A checkpoint that its log signed, with all that stands in its note. */
export interface SignedCheckpoint extends OpenNote {
  readonly checkpoint: Checkpoint;
}

/**
 * Writes the note text of a checkpoint: origin, size and root, a line each. Never with extension
 * lines, which no witness vouches for.
 *
 * @throws TlogError MALFORMED_CHECKPOINT when the origin is empty or not one line, or a tree
 *   without leaves has another root than that of nothing
 * @throws TlogError MALFORMED_HASH unless the root has 32 bytes
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * Source: C2SP tlog-checkpoint, "Note text"
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin)) throw malformed(`${quote(origin)} is not an origin: expected one line`);
  checkEmptyRoot(asSize(size), asHash(root));
  return `${origin}\n${String(size)}\n${toBase64(root)}\n`;
}

/**
 * Reads the note text of a checkpoint. Extension lines are let through, as the specification
 * demands, and not returned.
 *
 * @throws TlogError MALFORMED_CHECKPOINT
 * Source: C2SP tlog-checkpoint, "Note text"
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('a checkpoint ends in a newline');
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || sizeText === undefined || rootText === undefined) {
    throw malformed('a checkpoint has three lines: origin, size and root');
  }
  if (!isOrigin(origin)) throw malformed(`${quote(origin)} is not an origin`);
  const size = parseDecimal(sizeText);
  if (size === undefined) throw malformed(`${quote(sizeText)} is not a size in plain decimal`);
  const root = decodeBase64(rootText, 'MALFORMED_CHECKPOINT', HASH_BYTES);
  checkEmptyRoot(size, root);
  if (extensions.some((line) => line === '' || textFault(line) !== undefined)) {
    throw malformed('an extension line is empty or has control characters');
  }
  return { origin, size, root };
}

/**
 * Opens a note as a checkpoint of the log `origin`. At least one of the verified signatures must
 * be of a key with the origin's own name: witnesses vouch for growth, only the log for its leaves.
 *
 * @throws TlogError as openNote and {@link parseCheckpoint}
 * @throws TlogError WRONG_ORIGIN when it is the checkpoint of another log
 * @throws TlogError NOT_SIGNED_BY_LOG when only other known keys signed
 * Source: C2SP tlog-checkpoint, "Signatures"
 */
export function openCheckpoint(
  note: Uint8Array | string,
  verifiers: readonly NoteVerifier[],
  origin: string,
): SignedCheckpoint {
  const opened = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint.origin !== origin) {
    throw new TlogError(
      'WRONG_ORIGIN',
      `checkpoint is of log ${quote(checkpoint.origin)}, expected ${quote(origin)}`,
    );
  }
  if (!opened.verified.some(({ name }) => name === origin)) {
    throw new TlogError(
      'NOT_SIGNED_BY_LOG',
      `checkpoint of ${quote(origin)} has no verified signature of a key of that name`,
    );
  }
  return { ...opened, checkpoint };
}

function isOrigin(origin: string): boolean {
  return origin !== '' && !origin.includes('\n') && textFault(origin) === undefined;
}

function checkEmptyRoot(size: bigint, root: Uint8Array): void {
  if (size > 0n || equalBytes(root, EMPTY_ROOT)) return;
  throw malformed('a tree without leaves has the SHA-256 of nothing as its root');
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_CHECKPOINT', message);
}
