export { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.js';
export type { Checkpoint, SignedCheckpoint } from './checkpoint.js';
export { verifyConsistency } from './consistency.js';
export type { ConsistencyClaim } from './consistency.js';
export { logEntry } from './entry.js';
export type { SignedDigest } from './entry.js';
export { TlogError } from './error.js';
export type { TlogErrorCode } from './error.js';
export { verifyInclusion } from './inclusion.js';
export type { InclusionClaim } from './inclusion.js';
export { EMPTY_ROOT, HASH_BYTES, hashChildren, hashLeaf, rootOf } from './merkle.js';
export { MAX_NOTE_BYTES, MAX_SIGNATURES, openNote, signNote } from './note.js';
export type { NoteSignature, OpenNote } from './note.js';
export { ed25519Signer, ed25519Verifier, formatVkey, noteKeyId, parseVkey } from './note-key.js';
export type { NoteKey, NoteSigner, NoteVerifier } from './note-key.js';
export {
  buildConsistencyProof,
  buildInclusionProof,
  consistencyNodes,
  inclusionNodes,
} from './path.js';
export {
  MAX_PROOF_FILE_BYTES,
  formatProofFile,
  parseProofFile,
  verifyProofFile,
} from './proof-file.js';
export type { ProofFile, ProofFileClaim, ProvenLeaf } from './proof-file.js';
export type { NodeId, ReadNode, TreeNode } from './range.js';
export { MAX_SIZE } from './position.js';
export {
  EMPTY_FRONTIER,
  appendLeaves,
  frontierNodes,
  readFrontier,
  rootAt,
  rootOfFrontier,
} from './frontier.js';
export type { Frontier, Growth } from './frontier.js';
export {
  MAX_ENTRY_BUNDLE_BYTES,
  MAX_ENTRY_BYTES,
  decodeEntryBundle,
  encodeEntryBundle,
} from './entry-bundle.js';
export { MAX_TILE_BYTES, decodeTile, encodeTile } from './tile.js';
export { TILE_WIDTH, fullTile, parseTilePath, tilePath } from './tile-path.js';
export type { EntryBundleId, HashTileId, TileId } from './tile-path.js';
export { newTiles, tilesForSize } from './tile-set.js';
