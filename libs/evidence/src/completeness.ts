import { fromBase64, toHex } from '#libs/encoding';
import {
  openCheckpoint,
  TlogError,
  verifyConsistency,
  type NoteVerifier,
  type PublicNoteKey,
  type SignedCheckpoint,
} from '#libs/tlog';
import { keyWindowStart } from './bundle-source.js';
import type { Finding } from './finding.js';
import { logVerifiers, type OpenedBundle, type OpenedCheckpoint } from './opened-bundle.js';
import type { Replay, ShownReveal } from './replay.js';

/**
 * Finds what a bundle leaves out of its round: every entry from RoundOpen to the verdict, or to the
 * checkpoint's end while there is none, has to be there with its envelope; and every leaf since the
 * roster's builders got their keys, bare where it is not by an operator of theirs.
 */
export function findGaps(
  { entries, leaves, checkpoint }: OpenedBundle,
  { opened, open, verdict, roster, history }: Replay,
): readonly Finding[] {
  const size = Number(checkpoint?.checkpoint.size ?? 0n);
  const told = new Set(entries.map(({ index }) => index));
  const findings = gapsIn(opened.index, verdict?.index ?? size - 1, told);
  const start = keyWindowStart(roster.length > 0 ? roster : open.roster);
  if (start === null || start >= opened.index) return findings;
  const operators = new Set(
    [...history.lives.values()].map(({ operator }) => toHex(fromBase64(operator.publicKey))),
  );
  for (const { index, publicKey } of leaves) {
    // Such a leaf may be a revocation.
    if (!operators.has(toHex(publicKey))) told.add(index);
  }
  return [...gapsIn(start, opened.index - 1, told), ...findings];
}

/** Finds the stretches, in an inclusive range, of which nothing is told. */
export function gapsIn(from: number, to: number, told: ReadonlySet<number>): readonly Finding[] {
  const findings: Finding[] = [];
  // A range is as long as a hostile checkpoint says: only what is told is walked.
  const inside = [...told]
    .filter((index) => index >= from && index <= to)
    .toSorted((a, b) => a - b);
  let next = from;
  for (const index of [...inside, to + 1]) {
    if (index > next) {
      const what = index - next === 1 ? `entry ${next} is` : `entries ${next} to ${index - 1} are`;
      const message = `${what} missing, and may be of this round`;
      findings.push({ code: 'leaf-missing', message, line: null, index: next });
    }
    next = index + 1;
  }
  return findings;
}

/** Holds each checkpoint that a builder had seen against the bundle's own. */
export function findForks(
  bundle: OpenedBundle,
  { reveals }: Replay,
  logKeys: readonly PublicNoteKey[],
): readonly Finding[] {
  const { checkpoint, header } = bundle;
  if (checkpoint === null || header === null) return [];
  const verifiers = logVerifiers(logKeys, checkpoint.checkpoint.origin);
  const opened = new Map<string, SignedCheckpoint | TlogError>();
  // Most builders saw the same note: it is opened once.
  const open = (note: string): SignedCheckpoint | TlogError => {
    const found = opened.get(note) ?? openNoteOf(note, verifiers, checkpoint.checkpoint.origin);
    opened.set(note, found);
    return found;
  };
  return [...reveals.values()].flatMap((shown) => forkIn(bundle, checkpoint, shown, open));
}

function openNoteOf(
  note: string,
  verifiers: readonly NoteVerifier[],
  origin: string,
): SignedCheckpoint | TlogError {
  try {
    return openCheckpoint(note, verifiers, origin);
  } catch (error) {
    if (error instanceof TlogError) return error;
    throw error;
  }
}

function forkIn(
  { consistency }: OpenedBundle,
  { checkpoint: { size: size2, root: root2 } }: OpenedCheckpoint,
  { entry, reveal }: ShownReveal,
  open: (note: string) => SignedCheckpoint | TlogError,
): readonly Finding[] {
  const { line, index } = entry;
  const found = (code: Finding['code'], message: string): Finding[] => [
    { code, message: `builder ${reveal.builder}: ${message}`, line, index },
  ];
  const seen = open(reveal.checkpoint);
  if (seen instanceof TlogError) {
    // Only what the log signed can be held against it.
    return found('reveal-unsound', `its checkpoint is not of this log: ${seen.message}`);
  }
  const { size: size1, root: root1 } = seen.checkpoint;
  if (size1 > BigInt(index)) {
    return found('log-forked', `it saw a tree that was larger than where its own word stands`);
  }
  if (size1 <= BigInt(reveal.closeIndex)) {
    return found('reveal-unsound', 'its checkpoint does not cover the close');
  }
  const proof = size1 === size2 ? [] : consistency.get(Number(size1));
  if (proof === undefined) {
    return found('consistency-missing', `nothing shows that the log grew from size ${size1}`);
  }
  try {
    verifyConsistency({ size1, root1, size2, root2, proof });
    return [];
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return found('log-inconsistent', `${error.code}: ${error.message}`);
  }
}
