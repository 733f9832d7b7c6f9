export { createAllowList } from './download/allow-list.js';
export type { AllowList } from './download/allow-list.js';
export { ARTIFACT_NAMES, asArtifactName, isArtifactName } from './release/artifact.js';
export type { ArtifactName } from './release/artifact.js';
export { buildEnvironment } from './build/build-environment.js';
export type { EnvironmentChoice } from './build/build-environment.js';
export { watchContainers } from './build/container-watch.js';
export type {
  ContainerTrace,
  ContainerWatch,
  ContainerWatchRequest,
} from './build/container-watch.js';
export type { ImageOrigin } from './build/image-facts.js';
export { removeBuildFolder } from './build/remove-build-folder.js';
export { prepareHome } from './build/home.js';
export type { BuildHome, HomeRequest } from './build/home.js';
export type { CacheState } from './build/cache-state.js';
export { runBuild } from './build/build.js';
export type { BuildEnd, BuildRequest } from './build/build.js';
export { findBuildUser } from './isolation/build-user.js';
export type { BuildUser } from './isolation/build-user.js';
export { isolationKind } from './isolation/confinement.js';
export type { Confinement, IsolationKind } from './isolation/confinement.js';
export { clearConfines } from './isolation/open-confines.js';
export { endUser } from './isolation/hand-over.js';
export type { BuildLimits, LimitClass, LimitHit } from './isolation/limits.js';
export { mountDisk, unmountDisk } from './isolation/loop-disk.js';
export { blockMetadata, readMetadata, unblockMetadata } from './isolation/metadata-rule.js';
export type { MetadataState } from './isolation/metadata-rule.js';
export { rootWayOf } from './isolation/root-ways.js';
export type { RootWay } from './isolation/root-ways.js';
export { askAs } from './isolation/run-as.js';
export { detectEra, readNeeds, worktreeReader } from './release/detect-era.js';
export type { CommitNeeds, CommitReader } from './release/detect-era.js';
export { download, downloadSmall } from './download/download.js';
export type { Downloaded, DownloadProgress, DownloadRequest } from './download/download-request.js';
export { cleanDownloadCache, openDownloadCache } from './download/cache/download-cache.js';
export type { DownloadCache, DownloadCacheRequest } from './download/cache/download-cache.js';
export type { CachedDownload } from './download/cache/cached-fetch.js';
export type { CleanedCache } from './download/cache/commit-folders.js';
export { CURRENT_ERA, ERAS } from './release/eras.js';
export type { ArtifactSpec, Era, EraMark, IntermediateSpec, TempRule } from './release/era.js';
export { loadEras } from './release/era-table.js';
export { egressOf, setEgress } from './egress/egress.js';
export type { Egress } from './egress/egress.js';
export { IcosError } from './error.js';
export type { IcosErrorCode } from './error.js';
export { FAILURE_PATTERNS } from './build/failure-patterns.js';
export type { FailureClass, FailurePattern } from './build/failure-patterns.js';
export { classifyFailure } from './build/failure.js';
export type { FailureFacts, FailureStage } from './build/failure.js';
export { isPublicAddress } from './download/address.js';
export { guardLookup, resolveByDns } from './download/guarded-lookup.js';
export type { Resolve } from './download/guarded-lookup.js';
export { hashFile } from './hash/hash.js';
export type { HashedFile } from './hash/hash.js';
export { parseMeasurements } from './release/measurements.js';
export type { LaunchMeasurement } from './release/measurements.js';
export type { Observation, ObservationRole } from './published/observation.js';
export { acquireLock, tryLock } from './lock/cross-process-lock.js';
export type { FileLock, LockMode } from './lock/cross-process-lock.js';
export { collectIntermediates } from './build/intermediates.js';
export type { BuildIntermediate, IntermediatesRequest } from './build/intermediates.js';
export { collectOutputs } from './build/outputs.js';
export type { BuildOutput, BuildOutputs, OutputsRequest } from './build/outputs.js';
export { FetchCache } from './published/fetch-cache.js';
export { observePublished } from './published/published.js';
export type { Published, PublishedRequest } from './published/published.js';
export { fetchSource } from './source/source.js';
export { repositoryReader } from './source/repository-reader.js';
export type {
  Source,
  SourceHistory,
  SourceProgress,
  SourceRequest,
} from './source/source-request.js';
export {
  cdnUrl,
  parseStatementName,
  releasePath,
  specOf,
  statementName,
  sumsUrl,
} from './release/statement-name.js';
export type { PublishedAs } from './release/statement-name.js';
export { digestOf, parseSums } from './release/sums.js';
export type { Sums } from './release/sums.js';
export { factsOfRebuild } from './rebuild/build-facts.js';
export type { RebuildFacts } from './rebuild/build-facts.js';
export { inputsOfRebuild } from './rebuild/rebuild-inputs.js';
export { stageFailure } from './rebuild/rebuild-failure.js';
export type { RebuildFailure } from './rebuild/rebuild-failure.js';
export { rebuildRelease } from './rebuild/rebuild-release.js';
export type { RebuildEnd, RebuildProgress, RebuildRequest } from './rebuild/rebuild-release.js';
export { judgeRelease } from './verdict/judge-release.js';
export type { JudgedArtifact, JudgedRelease, LoneVerdict } from './verdict/judge-release.js';
export type {
  CheckSide,
  ReleaseCheck,
  ReleaseCheckId,
  ReleaseCheckState,
} from './verdict/release-check.js';
export type { ElectedPackage, LocalBuild, ReleaseEvidence } from './verdict/release-evidence.js';
