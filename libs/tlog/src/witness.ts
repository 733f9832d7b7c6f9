import { quote } from '#libs/encoding';
import { parseAddCheckpoint } from './add-checkpoint.js';
import { openCheckpoint, parseCheckpoint } from './checkpoint.js';
import type { Checkpoint, SignedCheckpoint } from './checkpoint.js';
import { verifyConsistency } from './consistency.js';
import { TlogError } from './error.js';
import type { TlogErrorCode } from './error.js';
import { asHash } from './merkle.js';
import type { NoteVerifier } from './note-key.js';
import { asSize } from './position.js';

/** The logs that a witness serves: the keys of each, by origin. A key's name is the origin. */
export type KnownLogs = ReadonlyMap<string, readonly NoteVerifier[]>;

/** A request whose checkpoint is of a known log and signed by it. Its proof is not verified yet. */
export interface WitnessRequest {
  readonly kind: 'open';
  readonly oldSize: bigint;
  readonly proof: readonly Uint8Array[];
  readonly signed: SignedCheckpoint;
}

/** Why a witness does not cosign, with the protocol's HTTP status. */
export type WitnessRefusal =
  | {
      readonly kind: 'refused';
      /** 400 malformed, 403 not signed by the log, 404 unknown log, 422 not shown to be its growth. */
      readonly status: 400 | 403 | 404 | 422;
      readonly reason: string;
    }
  | {
      /** The log is wrong about what the witness has, and may ask again with `size`. */
      readonly kind: 'conflict';
      readonly status: 409;
      readonly size: bigint;
      readonly reason: string;
    };

/** Leave to cosign `text`, once `next` is durable. */
export interface WitnessConsent {
  readonly kind: 'cosign';
  /** The checkpoint's note text. */
  readonly text: string;
  /** The state to be stored for its origin before anything is signed or answered. */
  readonly next: Checkpoint;
}

const MALFORMED: readonly TlogErrorCode[] = [
  'MALFORMED_CHECKPOINT',
  'MALFORMED_NOTE',
  'MALFORMED_REQUEST',
  'TOO_LARGE',
];
const UNSIGNED: readonly TlogErrorCode[] = [
  'BAD_SIGNATURE',
  'NOT_SIGNED_BY_LOG',
  'NO_KNOWN_SIGNATURE',
];

/**
 * Reads an add-checkpoint body and verifies the log's signature: all that needs no stored state.
 * The opened request names the origin whose state is to be loaded for {@link decideCosigning}.
 *
 * @throws TlogError AMBIGUOUS_KEY when two keys of a known log share a name and an id
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export function openWitnessRequest(
  body: Uint8Array | string,
  logs: KnownLogs,
): WitnessRequest | WitnessRefusal {
  try {
    const { oldSize, proof, checkpoint } = parseAddCheckpoint(body);
    const { origin } = parseCheckpoint(textOf(checkpoint));
    const verifiers = logs.get(origin);
    if (verifiers === undefined) return refuse(404, `log ${quote(origin)} is not known here`);
    return { kind: 'open', oldSize, proof, signed: openCheckpoint(checkpoint, verifiers, origin) };
  } catch (error) {
    return refusalOf(error, [
      [400, MALFORMED],
      [403, UNSIGNED],
    ]);
  }
}

/**
 * Decides whether a witness cosigns. `stored` is its state for the origin of the request, `null`
 * when it never cosigned for that log: the first checkpoint it sees is taken on the log's word.
 * The same checkpoint again is cosigned anew.
 *
 * The caller MUST make `next` durable, in one step with a check that the stored state is still
 * `stored`, before it signs: else two requests at once, or a crash, roll the witness back and it
 * cosigns a fork.
 *
 * @throws TlogError WRONG_ORIGIN when `stored` is of another log
 * @throws TlogError OUT_OF_RANGE or MALFORMED_HASH when `stored` is no state: a witness that is not
 *   sure of its last checkpoint has to stop
 * Source: C2SP tlog-witness, "add-checkpoint". Another root at the stored size is refused with 422,
 *   where its text says 409: a log takes that for "try again with this size".
 */
export function decideCosigning(
  { oldSize, proof, signed: { checkpoint, text } }: WitnessRequest,
  stored: Checkpoint | null,
): WitnessConsent | WitnessRefusal {
  const storedSize = stored === null ? 0n : checkedSize(stored, checkpoint.origin);
  if (oldSize > checkpoint.size) {
    const sizes = `old size ${String(oldSize)}, size ${String(checkpoint.size)}`;
    return refuse(400, `a log does not shrink: ${sizes}`);
  }
  if (oldSize !== storedSize) {
    const sizes = `old size ${String(oldSize)}, expected ${String(storedSize)}`;
    return { kind: 'conflict', status: 409, size: storedSize, reason: sizes };
  }
  if (stored === null || storedSize === 0n) {
    if (proof.length > 0) return refuse(422, 'a proof from size 0 is empty');
    return { kind: 'cosign', text, next: checkpoint };
  }
  try {
    verifyConsistency({
      size1: storedSize,
      root1: stored.root,
      size2: checkpoint.size,
      root2: checkpoint.root,
      proof,
    });
  } catch (error) {
    return refusalOf(error, [[422, ['BAD_PROOF']]]);
  }
  return { kind: 'cosign', text, next: checkpoint };
}

function checkedSize({ origin, size, root }: Checkpoint, expected: string): bigint {
  if (origin !== expected) {
    throw new TlogError(
      'WRONG_ORIGIN',
      `stored state is of log ${quote(origin)}, expected ${quote(expected)}`,
    );
  }
  asHash(root);
  return asSize(size);
}

// The origin decides which keys are tried, so it is read before the signature is. Nothing else is.
function textOf(note: string): string {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw new TlogError('MALFORMED_NOTE', 'no blank line parts text and signatures');
  return note.slice(0, split + 1);
}

type Status = (WitnessRefusal & { kind: 'refused' })['status'];

function refusalOf(
  error: unknown,
  table: readonly (readonly [Status, readonly TlogErrorCode[]])[],
): WitnessRefusal {
  if (!(error instanceof TlogError)) throw error;
  const row = table.find(([, codes]) => codes.includes(error.code));
  if (row === undefined) throw error;
  return refuse(row[0], error.message);
}

function refuse(status: Status, reason: string): WitnessRefusal {
  return { kind: 'refused', status, reason };
}
