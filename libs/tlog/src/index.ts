export {
  MAX_REQUEST_BYTES,
  TREE_SIZE_TYPE,
  formatAddCheckpoint,
  formatCosignatureLines,
  formatTreeSize,
  parseAddCheckpoint,
  parseCosignatureLines,
  parseTreeSize,
} from './add-checkpoint.js';
export type { AddCheckpoint } from './add-checkpoint.js';
export { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.js';
export type { Checkpoint, SignedCheckpoint } from './checkpoint.js';
export { verifyConsistency } from './consistency.js';
export type { ConsistencyClaim } from './consistency.js';
export {
  cosign,
  cosignatureVerifier,
  cosignerKeyId,
  formatCosignerVkey,
  parseCosignerVkey,
  verifyCosignature,
} from './cosignature.js';
export type { Cosignature, Cosigner } from './cosignature.js';
export { hashEntryLeaf, logEntry } from './entry.js';
export type { SignedDigest } from './entry.js';
export { TlogError } from './error.js';
export type { TlogErrorCode } from './error.js';
export { verifyInclusion } from './inclusion.js';
export type { InclusionClaim } from './inclusion.js';
export { buildLeafSetProof, leafSetNodes, verifyLeafSet } from './leaf-set.js';
export { formatLeafProofs, leafProofNodes } from './leaf-proofs.js';
export type { LeafProofs, StoredLeaf } from './leaf-proofs.js';
export type { LeafSetClaim, PlacedLeaf } from './leaf-set.js';
export { EMPTY_ROOT, HASH_BYTES, hashChildren, hashLeaf, rootOf } from './merkle.js';
export { MAX_NOTE_BYTES, MAX_SIGNATURES, openNote, signNote } from './note.js';
export type { OpenNote } from './note.js';
export { ed25519Signer, ed25519Verifier, formatVkey, noteKeyId, parseVkey } from './note-key.js';
export type { NoteKey, NoteSigner, NoteVerifier, PublicNoteKey } from './note-key.js';
export {
  buildConsistencyProof,
  buildInclusionProof,
  consistencyNodes,
  inclusionNodes,
  inclusionRanges,
} from './path.js';
export { MAX_POLICY_BYTES, formatPolicy, parsePolicy } from './policy-text.js';
export {
  MAX_PROOF_FILE_BYTES,
  formatProofFile,
  parseProofFile,
  verifyProofFile,
} from './proof-file.js';
export type { ProofFile, ProofFileClaim, ProvenLeaf } from './proof-file.js';
export { judgeCosignatures, requiredWitnesses } from './quorum.js';
export type { CountedCosignature, QuorumJudgement } from './quorum.js';
export { quorumNeeds, requireForkSafe } from './quorum-needs.js';
export { splitPoint } from './range.js';
export type { LeafRange, NodeId, ReadNode, TreeNode } from './range.js';
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
export { checkTiles } from './check-tiles.js';
export type { ServedLog, TileFinding } from './check-tiles.js';
export {
  MAX_ENTRY_BUNDLE_BYTES,
  MAX_ENTRY_BYTES,
  decodeEntryBundle,
  encodeEntryBundle,
} from './entry-bundle.js';
export { MAX_TILE_BYTES, decodeTile, encodeTile } from './tile.js';
export type { FetchEntries, FetchTile, Fetched } from './tile-fetch.js';
export { fetchNodes, nodeTiles, tileReader } from './tile-reader.js';
export type { ReadTile, WantedNodes } from './tile-reader.js';
export { TILE_WIDTH, parseTilePath, tilePath } from './tile-path.js';
export type { EntryBundleId, HashTileId, TileId } from './tile-path.js';
export { newTiles, tilesForSize } from './tile-set.js';
export { addSignatures } from './add-signatures.js';
export { MAX_POLICY_ITEMS, NO_QUORUM } from './witness-policy.js';
export type { PolicyGroup, PolicyLog, PolicyWitness, WitnessPolicy } from './witness-policy.js';
export { decideCosigning, openWitnessRequest } from './witness.js';
export type { KnownLogs, WitnessConsent, WitnessRefusal, WitnessRequest } from './witness.js';
export type { NoteSignature } from './signature-line.js';
