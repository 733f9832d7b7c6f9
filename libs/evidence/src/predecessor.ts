import { AttestationError, readLogSuccession, type LogSuccession } from '#libs/attestation';
import { toHex } from '#libs/encoding';
import {
  ed25519Verifier,
  openCheckpoint,
  parseVkey,
  TlogError,
  type SignedCheckpoint,
} from '#libs/tlog';
import { kindOf, type OpenedEntry } from './entry.js';
import type { Finding } from './finding.js';

/** The log of a bundle: its name, and its key. */
export interface SucceedingLog {
  readonly origin: string;
  /** 32 raw bytes. */
  readonly coordinator: Uint8Array;
}

/**
 * Tells which log went before, where the bundle's log says so: its origin, and the size and root at
 * which it ended. Neither this nor what is wrong with it says anything of the round, so both are
 * notices: who leaves the entry out must not gain by it.
 *
 * Whether the older log's key is the one that people knew is for them to compare.
 */
export function findPredecessor(
  entries: readonly OpenedEntry[],
  log: SucceedingLog,
): readonly Finding[] {
  return entries.flatMap((entry): readonly Finding[] => {
    if (!isSuccession(entry, log.coordinator)) return [];
    const { line, index } = entry;
    try {
      return [{ code: 'predecessor', message: told(entry, log), line, index }];
    } catch (error) {
      if (!(error instanceof AttestationError || error instanceof TlogError)) throw error;
      return [
        { code: 'predecessor-unsound', message: `${error.code}: ${error.message}`, line, index },
      ];
    }
  });
}

function told(entry: OpenedEntry, { origin, coordinator }: SucceedingLog): string {
  const isOwn = Buffer.compare(entry.publicKey, coordinator) === 0;
  const succession = readLogSuccession(entry.statement);
  if (!isOwn || entry.index !== 0 || succession.origin !== origin) {
    throw new AttestationError(
      'WRONG_KIND',
      'only the first entry of a log, by its own key and of its own origin, says what went before',
    );
  }
  const { checkpoint, verified } = openPredecessor(succession);
  const { predecessor, reason, succeededAt } = succession;
  const cosigners = lineCount(predecessor.checkpoint) - verified.length;
  return (
    `this log follows ${predecessor.origin}, which ended at size ${checkpoint.size} with root ` +
    `${toHex(checkpoint.root)}, key ${predecessor.vkey}, ${cosigners} cosignatures; ` +
    `since ${succeededAt}: ${reason}`
  );
}

/**
 * Opens the note that a succession names, by the key that it names.
 *
 * @throws TlogError MALFORMED_KEY and as `openCheckpoint`, UNKNOWN_ORIGIN among them
 */
export function openPredecessor({ predecessor }: LogSuccession): SignedCheckpoint {
  const { name, publicKey } = parseVkey(predecessor.vkey);
  return openCheckpoint(
    predecessor.checkpoint,
    [ed25519Verifier(name, publicKey)],
    predecessor.origin,
  );
}

function lineCount(note: string): number {
  return note.slice(note.lastIndexOf('\n\n') + 2).split('\n').length - 1;
}

function isSuccession(entry: OpenedEntry, coordinator: Uint8Array): boolean {
  try {
    return kindOf(entry, coordinator) === 'log-succession';
  } catch (error) {
    if (error instanceof AttestationError) return false;
    throw error;
  }
}
