export { ASPECTS, DIFFERENCE_CLASSES } from './difference.js';
export type { Aspect, Difference, DifferenceClass, Excerpt, Finding } from './difference.js';
export { DivergenceError } from './error.js';
export type { DivergenceErrorCode } from './error.js';
export { CONCLUSIONS } from './explanation.js';
export type {
  ArtifactExplanation,
  Conclusion,
  FactValue,
  NextExperiment,
  Observation,
  SeparatorGroup,
  Suspicion,
} from './explanation.js';
