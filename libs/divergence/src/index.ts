export { CAUSES } from './causes/catalogue.js';
export type { Cause, Trace } from './causes/cause.js';
export { classify } from './classes/classify.js';
export type { ClassifyContext, KnownDigest, TimeSpan } from './classes/context.js';
export { conclude } from './conclusion/conclude.js';
export { comparedClusters } from './conclusion/coverage.js';
export { shortenFindings } from './conclusion/shorten.js';
export type { Concluded, Evidence, ExperimentOutcome } from './conclusion/conclude.js';
export { ASPECTS, DIFFERENCE_CLASSES } from './difference.js';
export type {
  Aspect,
  Comparison,
  ByteWindow,
  Difference,
  DifferenceClass,
  Excerpt,
  Finding,
  Mask,
} from './difference.js';
export { DivergenceError } from './error.js';
export type { DivergenceErrorCode } from './error.js';
export { CONCLUSIONS } from './explanation.js';
export type {
  ArtifactExplanation,
  Conclusion,
  FactValue,
  NextExperiment,
  NotTold,
  Observation,
  SeparatingFact,
  SeparatorGroup,
  Suspicion,
} from './explanation.js';
export { applyOutcome } from './experiment/apply-outcome.js';
export type { Narrowed, RebuildOutcome, Testable } from './experiment/apply-outcome.js';
export { proposeExperiment } from './experiment/propose-experiment.js';
export type { Question } from './experiment/propose-experiment.js';
export { groupFailures } from './failures/group-failures.js';
export type { FailureGroup, ToldFailure } from './failures/group-failures.js';
export { KNOWN_FAILURES } from './failures/patterns.js';
export type { FailurePattern } from './failures/patterns.js';
export { fold, foldArtifacts } from './folding/fold.js';
export type { ByteAsker, Chunks, MaskedBytes } from './investigation/byte-asker.js';
export { investigate } from './investigation/investigate.js';
export type { Investigation } from './investigation/investigate.js';
export { DEFAULT_INVESTIGATION_LIMITS } from './investigation/limits.js';
export type { InvestigationLimits } from './investigation/limits.js';
export { explainArtifact } from './paragraph/explain-artifact.js';
export type { SplitArtifact } from './paragraph/explain-artifact.js';
export { seededChance } from './statistics/chance.js';
export type { Chance } from './statistics/chance.js';
export { ExactTables } from './statistics/exact-tables.js';
export { groupsThatHold } from './statistics/grouping.js';
export { separators, separatorsInSteps } from './statistics/separators.js';
export type { SeparatorOptions, Separators } from './statistics/separators.js';
export { SIGNIFICANCE } from './statistics/significance.js';
export type { Steps } from './statistics/steps.js';
export { digestsOf } from './walk/digests.js';
export { WALK_LIMITS } from './walk/walk.js';
export type { Moved, Walk, WalkLimits, WalkSide } from './walk/walk.js';
export { walkManifests } from './walk/walk-manifests.js';
