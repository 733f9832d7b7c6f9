export type { FactDefinition } from './definition.js';
export { FingerprintError } from './error.js';
export type { FingerprintErrorCode } from './error.js';
export { MAX_FACT_CHARACTERS, cleanFactText, isSafeFactText } from './fact-text.js';
export { catalogue, definitionOf, unknownBuild, withBuildFacts } from './facts.js';
export type {
  BuildFactName,
  BuildFacts,
  FactName,
  FactValue,
  Facts,
  MachineFactName,
  MachineFacts,
} from './facts.js';
export { readMachine } from './machine.js';
export { assessMachine, failureOf } from './preflight/assess-machine.js';
export { commandText } from './preflight/command-text.js';
export type { FolderState, MachineExtras } from './preflight/extras.js';
export type { CheckLevel, FixStep, MachineFinding, MachineNeeds } from './preflight/finding.js';
export { gigabytes } from './preflight/gigabytes.js';
export { jobsFor } from './preflight/jobs.js';
export type { HardFailure, Judgement, Machine, MachineCheck } from './preflight/machine-check.js';
export { machineChecks } from './preflight/machine-checks.js';
export type { MachineCheckName } from './preflight/machine-checks.js';
export { readExtras } from './preflight/read-extras.js';
export { protectFacts, withheld } from './protection.js';
export type { ProtectedFacts, Protection, Withheld } from './protection.js';
export { describePublicFacts, publicFacts } from './public-facts.js';
export type { PublicFacts } from './public-facts.js';
export { DEFAULT_TIMEOUT_MS } from './request.js';
export type { ExtrasRequest, MachineRequest, ToolName } from './request.js';
export { readUmask } from './umask.js';
