import type { Output, Release, ReleaseArtifact } from '#libs/attestation';
import type { Sha256 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

/**
 * Finds a release's artifacts in a SHA256SUMS: by path, by name, or by file name where only one
 * artifact and one line have it. Lines of other files are left out.
 *
 * @throws CommandError usage when a line could be two artifacts, or no line is any
 */
export function outputsOf(release: Release, digests: ReadonlyMap<string, Sha256>): Output[] {
  const outputs = release.artifacts.flatMap((artifact) => {
    const sha256 = digestOf(artifact, release.artifacts, digests);
    const { name, path } = artifact;
    return sha256 === null ? [] : [{ name, path, sha256, sizeBytes: null }];
  });
  if (outputs.length === 0) {
    throw new CommandError(
      EXIT.usage,
      `SHA256SUMS lists no artifact of ${release.name}: expected ${release.artifacts.map(({ path }) => path).join(', ')}`,
    );
  }
  return outputs;
}

function digestOf(
  artifact: ReleaseArtifact,
  all: readonly ReleaseArtifact[],
  digests: ReadonlyMap<string, Sha256>,
): Sha256 | null {
  const exact = new Set(
    [...digests]
      .filter(([line]) => [artifact.path, artifact.name].includes(withoutDot(line)))
      .map(([, digest]) => digest),
  );
  if (exact.size > 1) throw ambiguous(artifact);
  const [only] = exact;
  if (only !== undefined) return only;
  const file = baseOf(artifact.path);
  const isUnique = all.filter(({ path }) => baseOf(path) === file).length === 1;
  const lines = [...digests].filter(([line]) => baseOf(line) === file);
  if (isUnique && lines.length > 1) throw ambiguous(artifact);
  return isUnique ? (lines[0]?.[1] ?? null) : null;
}

function ambiguous({ name, path }: ReleaseArtifact): CommandError {
  return new CommandError(
    EXIT.usage,
    `SHA256SUMS has several lines with different digests that could be ${name}`,
    `list it once, as ${path}`,
  );
}

function withoutDot(line: string): string {
  return line.replace(/^\.\//, '');
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
