import type { Release } from '#libs/attestation';
import { asSha256 } from '#libs/encoding';
import type { ArtifactQuestion, Flag } from '#libs/consensus';

/** Lists what a release asks, artifact by artifact, in its own order. */
export function questionsOf(release: Release): readonly ArtifactQuestion[] {
  return release.artifacts.map(({ name, elected, expected, embeds }) => ({
    name,
    elected,
    embeds,
    expected: expected === null ? null : asSha256(expected),
  }));
}

/** Flags that follow from the proposal itself: it names the same package URL twice. */
export function proposalFlags(
  release: Release,
  urls: readonly string[],
): ReadonlyMap<string, readonly Flag[]> {
  const isRepeated = new Set(urls).size !== urls.length;
  const elected = release.artifacts.filter((artifact) => artifact.elected);
  return new Map(
    isRepeated ? elected.map(({ name }): [string, Flag[]] => [name, ['duplicate-url']]) : [],
  );
}
