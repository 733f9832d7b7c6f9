export {
  BUNDLE_TYPE,
  BundleHeader,
  BundleLine,
  ConsistencyLine,
  ENTRY_KINDS,
  EnvelopeLine,
  LeafLine,
  ProposalLine,
} from './bundle-line.js';
export type { EntryKind } from './bundle-line.js';
export { bundleLines, bundleNodes, keyWindowStart } from './bundle-source.js';
export type { BundleSource, LoggedEnvelope } from './bundle-source.js';
export {
  MAX_BUNDLE_BYTES,
  MAX_LINE_LENGTH,
  MAX_LINES,
  parseBundle,
  writeBundleLine,
} from './bundle-text.js';
export type { ParsedBundle, PlacedLine } from './bundle-text.js';
export { EvidenceError } from './error.js';
export type { EvidenceErrorCode } from './error.js';
export { FINDING_CODES, isDamning } from './finding.js';
export type { Finding, FindingCode } from './finding.js';
export { isSufficientlyWitnessed } from './witnessing.js';
export type { WitnessedClaim } from './witnessing.js';
