import {
  parseStatement,
  readReveal,
  unverifiedPayload,
  type Envelope,
  type RosterEntry,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import {
  buildConsistencyProof,
  buildLeafSetProof,
  consistencyNodes,
  leafSetNodes,
  parseCheckpoint,
  TlogError,
  type NodeId,
  type ReadNode,
} from '#libs/tlog';
import {
  BUNDLE_TYPE,
  type BundleHeader,
  type BundleLine,
  type EntryKind,
  type EnvelopeLine,
  type LeafLine,
  type ProposalLine,
} from './bundle-line.js';
import { EvidenceError } from './error.js';

/** An entry of the log as its keeper holds it. */
export interface LoggedEnvelope {
  readonly index: number;
  readonly kind: EntryKind;
  /** 32 raw bytes: the key in the leaf. */
  readonly publicKey: Uint8Array;
  readonly envelope: Envelope;
}

/** What a bundle is made of. */
export interface BundleSource {
  readonly round: string;
  /** The newest signed note with its cosignatures; it covers every entry. */
  readonly note: string;
  /**
   * In any order: every entry of the log from the round's RoundOpen to its verdict, or to the last
   * entry while there is none, whatever it is about; of the round itself also what came later; every
   * key record, what says which log went before, and every RoundOpen on the same release, wherever
   * they stand.
   */
  readonly entries: readonly LoggedEnvelope[];
  /** In any order: what else stands between {@link keyWindowStart} and the round's RoundOpen. */
  readonly leaves: readonly Omit<LeafLine, 'type'>[];
  readonly proposal: Omit<ProposalLine, 'type'> | null;
}

/**
 * Gives the first log index from which on a bundle has to show every leaf, because a roster says that
 * a builder got its key there: else a revocation could be left out. Null where no builder has one.
 */
export function keyWindowStart(roster: readonly RosterEntry[]): number | null {
  const indexes = roster.flatMap(({ builders }) => builders.flatMap((it) => it.keyIndex ?? []));
  return indexes.length === 0 ? null : Math.min(...indexes);
}

/** What stands above the entries of a bundle, for whoever reads these one after the other. */
export interface BundleHead {
  readonly round: string;
  /** The signed note with its cosignatures; it covers every entry. */
  readonly note: string;
  /** Log indexes of all entries and leaves of the bundle, rising. */
  readonly indexes: readonly bigint[];
  /** Sizes of checkpoints that the round's reveals hold, in any order: {@link revealedSize}. */
  readonly revealedSizes: readonly bigint[];
  readonly proposal: Omit<ProposalLine, 'type'> | null;
}

/** Names the stored nodes of the tree that {@link bundleHeadLines} reads. */
export function bundleHeadNodes(head: BundleHead): readonly NodeId[] {
  const { size } = checkpointOf(head);
  return [
    ...leafSetNodes(head.indexes, size),
    ...earlierSizes(head, size).flatMap((earlier) => consistencyNodes(earlier, size)),
  ];
}

/**
 * Makes the lines of a bundle that stand above its entries, its first among them.
 *
 * @throws TlogError where an index is not in the checkpoint's tree or stands twice, or `read` lacks a
 *   node of {@link bundleHeadNodes}
 */
export function* bundleHeadLines(
  head: BundleHead,
  read: ReadNode,
): Generator<BundleHeader | BundleLine, void> {
  const { round, note, indexes, proposal } = head;
  const { origin, size } = checkpointOf(head);
  yield { bundle: BUNDLE_TYPE, round, origin };
  yield { type: 'checkpoint', note };
  yield { type: 'proof', hashes: buildLeafSetProof(indexes, size, read).map(toBase64) };
  for (const earlier of earlierSizes(head, size)) {
    const path = buildConsistencyProof(earlier, size, read).map(toBase64);
    yield { type: 'consistency', size: Number(earlier), hashes: path };
  }
  if (proposal !== null) yield { type: 'proposal', ...proposal };
}

/** Names the stored nodes of the tree that {@link bundleLines} reads. */
export function bundleNodes(source: BundleSource): readonly NodeId[] {
  return bundleHeadNodes(headOf(source));
}

/**
 * Makes all lines of a bundle, its first among them, entries by their index.
 *
 * @throws EvidenceError INCOMPLETE_SOURCE where the round's RoundOpen is not among the entries
 * @throws TlogError as {@link bundleHeadLines}
 */
export function* bundleLines(
  source: BundleSource,
  read: ReadNode,
): Generator<BundleHeader | BundleLine, void> {
  const { round, entries, leaves } = source;
  if (!entries.some(({ kind }) => kind === 'round-open')) {
    throw new EvidenceError(
      'INCOMPLETE_SOURCE',
      `round ${round} has no RoundOpen among its entries`,
    );
  }
  yield* bundleHeadLines(headOf(source), read);
  const placed: (BundleLine & { readonly index: number })[] = [
    ...entries.map(entryLine),
    ...leaves.map((leaf) => ({ ...leaf, type: 'leaf' as const })),
  ];
  yield* placed.toSorted((a, b) => a.index - b.index);
}

/** Makes the line of one entry. */
export function entryLine({ publicKey, ...rest }: LoggedEnvelope): EnvelopeLine {
  return { ...rest, type: 'envelope', publicKey: toBase64(publicKey) };
}

/**
 * Gives the size of the checkpoint that a Reveal holds; null where what it holds is none. A builder
 * writes there what it likes, and it is logged as it is: that may cost it its own vote, and must not
 * keep anybody from the evidence of the round.
 *
 * @throws AttestationError where it is no Reveal
 */
export function revealedSize(envelope: Envelope): bigint | null {
  const reveal = readReveal(parseStatement(unverifiedPayload(envelope)));
  try {
    return parseCheckpoint(noteText(reveal.checkpoint)).size;
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

function headOf({ round, note, entries, leaves, proposal }: BundleSource): BundleHead {
  const indexes = [...entries, ...leaves].map(({ index }) => index).toSorted((a, b) => a - b);
  const reveals = entries.filter(
    ({ kind, envelope }) => kind === 'reveal' && isOf(round, envelope),
  );
  return {
    ...{ round, note, proposal },
    indexes: indexes.map(BigInt),
    revealedSizes: reveals.flatMap(({ envelope }) => revealedSize(envelope) ?? []),
  };
}

function isOf(round: string, reveal: Envelope): boolean {
  return readReveal(parseStatement(unverifiedPayload(reveal))).round === round;
}

function checkpointOf({ note }: { readonly note: string }): ReturnType<typeof parseCheckpoint> {
  return parseCheckpoint(noteText(note));
}

/** The signed text of a note: what stands above its signatures. */
function noteText(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

/** Sizes of the checkpoints that the round's reveals hold, each once, smaller than the bundle's. */
function earlierSizes({ revealedSizes }: BundleHead, size: bigint): readonly bigint[] {
  return [...new Set(revealedSizes)]
    .filter((earlier) => earlier > 0n && earlier < size)
    .toSorted((a, b) => (a < b ? -1 : 1));
}
