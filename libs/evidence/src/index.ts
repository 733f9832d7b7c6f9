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
export {
  bundleHeadLines,
  bundleHeadNodes,
  bundleLines,
  bundleNodes,
  entryLine,
  keyWindowStart,
  revealedSize,
} from './bundle-source.js';
export type { BundleHead, BundleSource, LoggedEnvelope } from './bundle-source.js';
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
export { countReplay, weaklyWitnessed } from './count-replay.js';
export { kindOf, openEntry, openEntryBeside, rememberingOpener } from './entry.js';
export type { EntryOpener, OpenedEntry, OpeningEntry, SealedEntry } from './entry.js';
export { findForks, findGaps } from './completeness.js';
export { findPredecessor, openPredecessor } from './predecessor.js';
export type { SucceedingLog } from './predecessor.js';
export { openBundle } from './judge-bundle.js';
export type { BareLeaf, OpenedBundle, OpenedCheckpoint } from './opened-bundle.js';
export { largestVerdict } from './largest-verdict.js';
export { isVerdictTrue, recomputeVerdict, verdictSubjects } from './recompute-verdict.js';
export type { VerdictHead } from './recompute-verdict.js';
export { replayRound } from './replay-round.js';
export type { ReplayAnswer, ReplayQuestion } from './replay-round.js';
export type { OtherRound, Replay, ShownResult, ShownReveal } from './replay.js';
export { readAuditor } from './auditor.js';
export type { Auditor } from './auditor.js';
export type { AuditOutcome } from './outcome.js';
export { findProposalFaults } from './proposal.js';
export type { CertifiedElection, VerifyCertificate } from './proposal.js';
export { RULES } from './rule.js';
export type { AuditedArtifact, Rule, RuleResult } from './rule.js';
export { verifyBundle } from './verify-bundle.js';
export type { Audit, AuditOptions } from './verify-bundle.js';
