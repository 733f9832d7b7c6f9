import type { ArtifactReport } from './verdict.js';

/**
 * Gives each operator the letter of its cluster, `A` for the largest; `-` where it has no digest.
 * Two operators with one letter built the same bytes.
 */
export function clusterLetters(artifact: ArtifactReport): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  for (const [at, cluster] of artifact.clusters.entries()) {
    for (const operator of cluster.operators) letters.set(operator, letterOf(at));
  }
  return letters;
}

/** Gives the letter of a cluster by its place: A to Z, then A1, B1 and so on. */
export function letterOf(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : `${letter}${Math.floor(at / 26)}`;
}
