export type {
  ArtifactQuestion,
  Claim,
  Observation,
  PublishedSource,
  Standing,
  WorkDigests,
} from './claim.js';
export type { Cluster } from './cluster.js';
export { decide } from './decide.js';
export type { ArtifactVerdict, Ballot } from './decide.js';
export { ConsensusError } from './error.js';
export type { ConsensusErrorCode } from './error.js';
export { FLAGS } from './flags.js';
export type { Flag } from './flags.js';
export { LIFECYCLE, advance } from './lifecycle.js';
export type { RoundEvent, Transition } from './lifecycle.js';
export type { Member } from './members.js';
export { outcomeOf, roundOutcome } from './outcome.js';
export type { Outcome } from './outcome.js';
export { checkRoster } from './roster.js';
export type { Roster, RosterOperator } from './roster.js';
export { OPENED, applyEntry, isReadyToClose, isReadyToDecide, standingsOf } from './round.js';
export type { RoundEntry, RoundState } from './round.js';
export { formatThreshold, parseThreshold, votesNeeded } from './threshold.js';
export type { Threshold } from './threshold.js';
export { VERDICTS, agreedDigest } from './verdict.js';
export type { Phase, Verdict } from './verdict.js';
export { workOfClaim } from './work.js';
