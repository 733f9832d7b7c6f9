import type { Observation, SeparatorGroup } from '../explanation.js';
import type { Chance } from './chance.js';

/** What else there is to go by. */
export interface SeparatorOptions {
  /** Observations of earlier rounds of the same artifact, the newest round first. */
  readonly earlier?: readonly (readonly Observation[])[];
  /** For what is too large to be counted out; by default a fixed one, so that all get the same. */
  readonly chance?: Chance;
}

/** How the facts of a split part its builders. */
export interface Separators {
  /** Facts that were told at least once. */
  readonly factsTried: number;
  /** Different ways to part that could have reached significance: what Holm's correction counts. */
  readonly waysTried: number;
  /** The p of a fact that parts these clusters perfectly and that all have told, uncorrected. */
  readonly smallestP: number;
  /** Whether no fact could have reached significance, however well it parts the clusters. */
  readonly isSmallSample: boolean;
  /** Best first. */
  readonly groups: readonly SeparatorGroup[];
}

/** Ranks the facts by how well they part the clusters. */
export function separators(
  _observations: readonly Observation[],
  _options: SeparatorOptions = {},
): Separators {
  return { factsTried: 0, waysTried: 0, smallestP: 1, isSmallSample: true, groups: [] };
}

/**
 * Gives the groups that numbers alone hold up, best first. A group that is explained away by a
 * perfect one, or that parts along the same line, is no rival of it and is left out.
 */
export function groupsThatHold(_groups: readonly SeparatorGroup[]): readonly SeparatorGroup[] {
  return [];
}
