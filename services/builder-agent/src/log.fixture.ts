import { commitmentOf, signatureOf, type Envelope, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import {
  appendLeaves,
  buildConsistencyProof,
  buildInclusionProof,
  ed25519Signer,
  EMPTY_FRONTIER,
  encodeTile,
  formatAddCheckpoint,
  formatCheckpoint,
  hashLeaf,
  logEntry,
  parseTilePath,
  rootOf,
  signNote,
  TILE_WIDTH,
  type NodeId,
} from '#libs/tlog';

/** What somebody signed. */
export interface SignedLeaf {
  readonly envelope: Envelope;
  readonly by: Pick<Signer, 'publicKey'>;
}

/** A log whose key and leaves a spec holds. */
export interface PlayedLog {
  readonly size: number;
  /** Appends what somebody signed, or any text, and gives its index. */
  append(leaf: SignedLeaf | string): number;
  /** The signed checkpoint of the first `size` leaves; of all by default. */
  note(size?: number): string;
  /** A base64 consistency proof; empty from 0. */
  growth(from: number, to?: number): string[];
  /** A base64 inclusion proof. */
  path(index: number, size?: number): string[];
  /** The tile at a path below the log's prefix; undefined where the tree has none. */
  tile(path: string): Uint8Array | undefined;
  /** A tlog-witness request. */
  asking(from: number, to?: number): string;
  /** A log of the same key that has the first `size` leaves in common. */
  fork(size: number): PlayedLog;
}

/** Plays a log. */
export function playLog(signer: Signer, origin = 'spec.invalid/log'): PlayedLog {
  return logOf(signer, origin, []);
}

function logOf(signer: Signer, origin: string, leaves: Uint8Array[]): PlayedLog {
  const noteSigner = ed25519Signer(origin, signer.publicKey, (text) => signer.sign(text));
  const read = (size: number): ((id: NodeId) => Uint8Array | undefined) => {
    const { nodes } = appendLeaves(EMPTY_FRONTIER, leaves.slice(0, size));
    return ({ level, index }) =>
      nodes.find((node) => node.level === level && node.index === index)?.hash;
  };
  const hashes = (from: number, to: number): readonly Uint8Array[] =>
    from === 0 || from >= to ? [] : buildConsistencyProof(BigInt(from), BigInt(to), read(to));
  const note = (size = leaves.length): string => {
    const root = rootOf(leaves.slice(0, size));
    return signNote(formatCheckpoint({ origin, size: BigInt(size), root }), [noteSigner]);
  };
  return {
    get size() {
      return leaves.length;
    },
    append: (leaf) => leaves.push(hashLeaf(bytesOf(leaf))) - 1,
    note,
    growth: (from, to = leaves.length) => hashes(from, to).map((hash) => toBase64(hash)),
    path: (index, size = leaves.length) =>
      buildInclusionProof(BigInt(index), BigInt(size), read(size)).map((hash) => toBase64(hash)),
    tile: (path) => {
      const { level, index, width } = parseTilePath(path);
      if (level === 'entries') return undefined;
      const first = index * BigInt(TILE_WIDTH);
      const hashes = Array.from({ length: width }, (_, at) =>
        read(leaves.length)({ level: level * 8, index: first + BigInt(at) }),
      ).filter((hash) => hash !== undefined);
      return hashes.length === width ? encodeTile(hashes) : undefined;
    },
    asking: (from, to = leaves.length) =>
      formatAddCheckpoint({
        ...{ oldSize: BigInt(from), proof: hashes(from, to), checkpoint: note(to) },
      }),
    fork: (size) => logOf(signer, origin, leaves.slice(0, size)),
  };
}

function bytesOf(leaf: SignedLeaf | string): Uint8Array {
  if (typeof leaf === 'string') return Buffer.from(leaf);
  return logEntry({
    paeSha256: commitmentOf(leaf.envelope),
    signature: signatureOf(leaf.envelope),
    publicKey: leaf.by.publicKey,
  });
}
