export { certifiedElection } from './certified-election.js';
export type { CertifiedElection } from './certified-election.js';
export { compareWithDashboard, parseDashboardProposal } from './dashboard.js';
export type { DashboardDifference, DashboardProposal } from './dashboard.js';
export type {
  Deploys,
  DeploymentTarget,
  Elects,
  LaunchMeasurement,
  OsKind,
  ProposalDecision,
  UnelectsOnly,
} from './decision.js';
export { NnsError } from './error.js';
export type { NnsErrorCode } from './error.js';
export { evidenceFromJson, evidenceToJson } from './evidence-json.js';
export type { EvidenceJson } from './evidence-json.js';
export type { Evidence, EvidenceRequest } from './evidence.js';
export { createGovernance } from './governance.js';
export type { Governance, GovernanceOptions } from './governance.js';
export { GOVERNANCE_CANISTER_ID } from './network.js';
export type { Trust } from './network.js';
export { nnsFunctionName } from './nns-function.js';
export { MAX_LISTED } from './open-elections.js';
export type { ListOptions } from './open-elections.js';
export { decodePayload } from './payload.js';
export { TOPIC_IC_OS_VERSION_DEPLOYMENT, TOPIC_IC_OS_VERSION_ELECTION } from './proposal.js';
export type { Proposal, ProposalStatus } from './proposal.js';
export { verifyEvidence } from './verification.js';
export type { CertifiedProposal } from './verification.js';
