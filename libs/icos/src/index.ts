export { createAllowList } from './allow-list.js';
export type { AllowList } from './allow-list.js';
export { ARTIFACT_NAMES, asArtifactName, isArtifactName } from './artifact.js';
export type { ArtifactName } from './artifact.js';
export { buildEnvironment } from './build-environment.js';
export type { EnvironmentChoice } from './build-environment.js';
export { runBuild } from './build.js';
export type { BuildEnd, BuildRequest } from './build.js';
export { detectEra, worktreeReader } from './detect-era.js';
export type { CommitReader } from './detect-era.js';
export { download, downloadSmall } from './download.js';
export type { Downloaded, DownloadProgress, DownloadRequest } from './download.js';
export { CURRENT_ERA, ERAS } from './eras.js';
export type { ArtifactSpec, Era, EraMark } from './eras.js';
export { IcosError } from './error.js';
export type { IcosErrorCode } from './error.js';
export { FAILURE_PATTERNS } from './failure-patterns.js';
export type { FailureClass, FailurePattern } from './failure-patterns.js';
export { classifyFailure } from './failure.js';
export type { FailureFacts, FailureStage } from './failure.js';
export type { Resolve } from './guarded-lookup.js';
export { hashFile, hashFiles } from './hash.js';
export type { HashedFile } from './hash.js';
export { findInconsistencies } from './inconsistencies.js';
export type { ExpectedDigests, Inconsistency, InconsistencyKind } from './inconsistencies.js';
export { areSameMeasurements, parseMeasurements } from './measurements.js';
export type { LaunchMeasurement } from './measurements.js';
export type { Observation, ObservationRole } from './observation.js';
export { collectOutputs } from './outputs.js';
export type { BuildOutput, BuildOutputs, OutputsRequest } from './outputs.js';
export { observePublished } from './published.js';
export type { Published, PublishedRequest } from './published.js';
export { fetchSource } from './source.js';
export type { Source, SourceProgress, SourceRequest } from './source.js';
export {
  cdnUrl,
  parseStatementName,
  releasePath,
  specOf,
  statementName,
  sumsUrl,
} from './statement-name.js';
export type { PublishedAs } from './statement-name.js';
export { digestOf, parseSums } from './sums.js';
export type { Sums } from './sums.js';
