export { ProvenanceError } from './error.js';
export type { ProvenanceErrorCode } from './error.js';
export { DFINITY_POLICY } from './policy.js';
export type { BranchRule, BuildRule, ProvenancePolicy } from './policy.js';
export { REFUSAL_CODES } from './refusal.js';
export type { RefusalCode } from './refusal.js';
export type { ProvenanceRequest } from './request.js';
export type {
  ConfirmedProvenance,
  ProvenanceFacts,
  ProvenanceVerdict,
  RefusedProvenance,
  Witness,
} from './verdict.js';
export { verifyProvenance } from './verify-provenance.js';
