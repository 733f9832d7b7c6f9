import { fromBase64 } from '#libs/encoding';
import type { StrictLogEntry } from './bundle.js';
import { Refusal } from './refusal.js';

const SIGNATURE_LINE = /^\u2014 (\S{1,256}) (\S{1,1024})$/;
const MAX_SIGNATURES = 16;

/**
 * Checks what the log's own signatures leave open in an entry: the proof's root and size are those
 * of the signed checkpoint, the entry's index is the proof's where no promise signs it, and the
 * checkpoint is a signed note to its last byte.
 *
 * @throws Refusal malformed-bundle
 * Source: C2SP signed-note and tlog-checkpoint; sigstore_rekor.proto
 */
export function checkLogEntry(entry: StrictLogEntry): void {
  const { inclusionProof: proof, inclusionPromise } = entry;
  const { envelope } = proof.checkpoint;
  const end = envelope.indexOf('\n\n');
  const [, size, root] = envelope.slice(0, end).split('\n');
  if (end === -1 || size !== proof.treeSize || root !== proof.rootHash) {
    throw new Refusal(
      'malformed-bundle',
      'inclusion proof is for another tree than its checkpoint',
    );
  }
  const lines = envelope.slice(end + 2).split('\n');
  const isEnded = lines.pop() === '' && lines.length <= MAX_SIGNATURES;
  if (!isEnded || !lines.every(isSignatureLine)) {
    throw new Refusal('malformed-bundle', 'checkpoint is not a signed note');
  }
  if (inclusionPromise === undefined && entry.logIndex !== proof.logIndex) {
    throw new Refusal('malformed-bundle', 'log entry has two places in its log');
  }
}

function isSignatureLine(line: string): boolean {
  const [, , signature] = SIGNATURE_LINE.exec(line) ?? [];
  if (signature === undefined) return false;
  try {
    return fromBase64(signature).length > 4;
  } catch {
    return false;
  }
}
