import type { Sha256 } from '#libs/encoding';
import type { BuildOutput } from '../build/outputs.js';
import type { Published } from '../published/published.js';
import type { ArtifactName } from '../release/artifact.js';
import type { Era } from '../release/era.js';
import type { LaunchMeasurement } from '../release/measurements.js';

/** What a proposal says of the release that it elects. */
export interface ElectedPackage {
  readonly artifact: ArtifactName;
  readonly sha256: Sha256;
  /** In the proposal's order and spelling; one may stand there twice. */
  readonly urls: readonly string[];
  /** Null where the proposal has none: always for HostOS, and before 2025. */
  readonly measurements: readonly LaunchMeasurement[] | null;
}

/** What a build gave; outputs in the era's order. */
export interface LocalBuild {
  readonly outputs: readonly Pick<BuildOutput, 'artifact' | 'sha256'>[];
  readonly measurements: readonly LaunchMeasurement[] | null;
}

/** Everything that was seen of one release. */
export interface ReleaseEvidence {
  readonly era: Pick<Era, 'artifacts'>;
  /** What is to be judged, out of what the era makes. */
  readonly selected: readonly ArtifactName[];
  /** Null for a check of a bare commit. */
  readonly proposal: ElectedPackage | null;
  readonly published: Published;
  /** Null where the build failed: nothing is then said to match or to differ from it. */
  readonly build: LocalBuild | null;
}
