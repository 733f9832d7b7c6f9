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
  type NodeId,
  type ReadNode,
} from '#libs/tlog';
import {
  BUNDLE_TYPE,
  type BundleHeader,
  type BundleLine,
  type EntryKind,
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
   * key record, and every RoundOpen on the same release, wherever they stand.
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

/** Names the stored nodes of the tree that {@link bundleLines} reads. */
export function bundleNodes(source: BundleSource): readonly NodeId[] {
  const { size } = checkpointOf(source);
  return [
    ...leafSetNodes(indexesOf(source), size),
    ...earlierSizes(source, size).flatMap((earlier) => consistencyNodes(earlier, size)),
  ];
}

/**
 * Makes all lines of a bundle, its first among them, entries by their index.
 *
 * @throws EvidenceError INCOMPLETE_SOURCE where the round's RoundOpen is not among the entries
 * @throws TlogError where an index is not in the checkpoint's tree or stands twice, or `read` lacks a
 *   node of {@link bundleNodes}
 */
export function* bundleLines(
  source: BundleSource,
  read: ReadNode,
): Generator<BundleHeader | BundleLine, void> {
  const { round, note, entries, leaves, proposal } = source;
  const { origin, size } = checkpointOf(source);
  if (!entries.some(({ kind }) => kind === 'round-open')) {
    throw new EvidenceError(
      'INCOMPLETE_SOURCE',
      `round ${round} has no RoundOpen among its entries`,
    );
  }
  yield { bundle: BUNDLE_TYPE, round, origin };
  yield { type: 'checkpoint', note };
  const hashes = buildLeafSetProof(indexesOf(source), size, read).map(toBase64);
  yield { type: 'proof', hashes };
  for (const earlier of earlierSizes(source, size)) {
    const path = buildConsistencyProof(earlier, size, read).map(toBase64);
    yield { type: 'consistency', size: Number(earlier), hashes: path };
  }
  if (proposal !== null) yield { type: 'proposal', ...proposal };
  const placed: (BundleLine & { readonly index: number })[] = [
    ...entries.map(({ publicKey, ...rest }) => ({
      ...rest,
      type: 'envelope' as const,
      publicKey: toBase64(publicKey),
    })),
    ...leaves.map((leaf) => ({ ...leaf, type: 'leaf' as const })),
  ];
  yield* placed.toSorted((a, b) => a.index - b.index);
}

function indexesOf({ entries, leaves }: BundleSource): readonly bigint[] {
  const indexes = [...entries, ...leaves].map(({ index }) => index);
  return indexes.toSorted((a, b) => a - b).map(BigInt);
}

function checkpointOf({ note }: BundleSource): ReturnType<typeof parseCheckpoint> {
  return parseCheckpoint(noteText(note));
}

/** The signed text of a note: what stands above its signatures. */
function noteText(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

/** Sizes of the checkpoints that the round's reveals hold, each once, smaller than the bundle's. */
function earlierSizes({ round, entries }: BundleSource, size: bigint): readonly bigint[] {
  const sizes = entries.flatMap(({ kind, envelope }) => {
    if (kind !== 'reveal') return [];
    const reveal = readReveal(parseStatement(unverifiedPayload(envelope)));
    return reveal.round === round ? [parseCheckpoint(noteText(reveal.checkpoint)).size] : [];
  });
  return [...new Set(sizes)]
    .filter((earlier) => earlier > 0n && earlier < size)
    .toSorted((a, b) => (a < b ? -1 : 1));
}
