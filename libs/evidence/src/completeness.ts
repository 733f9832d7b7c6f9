import { fromBase64, toHex } from '#libs/encoding';
import {
  openCheckpoint,
  TlogError,
  verifyConsistency,
  type NoteVerifier,
  type PublicNoteKey,
} from '#libs/tlog';
import { keyWindowStart } from './bundle-source.js';
import type { Finding, FindingCode } from './finding.js';
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

/** A tree that builders saw, and what is wrong with how the bundle's own grew from it. */
interface SeenTree {
  readonly size: bigint;
  readonly fault: readonly [FindingCode, string] | null;
}

/** Holds each checkpoint that a builder had seen against the bundle's own. */
export function findForks(
  bundle: OpenedBundle,
  { reveals }: Replay,
  logKeys: readonly PublicNoteKey[],
): readonly Finding[] {
  const { checkpoint, header, consistency } = bundle;
  if (checkpoint === null || header === null) return [];
  const { origin } = checkpoint.checkpoint;
  const verifiers = logVerifiers(logKeys, origin);
  const known = new Map<string, SeenTree | TlogError>();
  // Most builders saw the same note: it is opened, and held against the tree, once.
  const seenIn = (note: string): SeenTree | TlogError => {
    const seen = known.get(note) ?? openSeen(note, verifiers, checkpoint, consistency);
    known.set(note, seen);
    return seen;
  };
  return [...reveals.values()].flatMap((shown) => forkIn(shown, seenIn(shown.reveal.checkpoint)));
}

function openSeen(
  note: string,
  verifiers: readonly NoteVerifier[],
  { checkpoint: { origin, size: size2, root: root2 } }: OpenedCheckpoint,
  consistency: OpenedBundle['consistency'],
): SeenTree | TlogError {
  const seen = attempt(() => openCheckpoint(note, verifiers, origin));
  if (seen instanceof TlogError) return seen;
  const { size, root: root1 } = seen.checkpoint;
  const proof = size === size2 ? [] : consistency.get(Number(size));
  if (proof === undefined) {
    const missing = `nothing shows that the log grew from size ${size}`;
    return { size, fault: ['consistency-missing', missing] };
  }
  const error = attempt(() => {
    verifyConsistency({ size1: size, root1, size2, root2, proof });
  });
  const isSound = !(error instanceof TlogError);
  return { size, fault: isSound ? null : ['log-inconsistent', `${error.code}: ${error.message}`] };
}

function attempt<T>(work: () => T): T | TlogError {
  try {
    return work();
  } catch (error) {
    if (error instanceof TlogError) return error;
    throw error;
  }
}

function forkIn({ entry, reveal }: ShownReveal, seen: SeenTree | TlogError): readonly Finding[] {
  const { line, index } = entry;
  const found = (code: FindingCode, message: string): Finding[] => [
    { code, message: `builder ${reveal.builder}: ${message}`, line, index },
  ];
  if (seen instanceof TlogError) {
    // Only what the log signed can be held against it.
    return found('reveal-unsound', `its checkpoint is not of this log: ${seen.message}`);
  }
  if (seen.size > BigInt(index)) {
    return found('log-forked', `it saw a tree that was larger than where its own word stands`);
  }
  if (seen.size <= BigInt(reveal.closeIndex)) {
    return found('reveal-unsound', 'its checkpoint does not cover the close');
  }
  return seen.fault === null ? [] : found(...seen.fault);
}
