import type { Output, Release, ReleaseArtifact } from '#libs/attestation';
import { quote, type Sha256 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

/**
 * Finds a release's artifacts in a SHA256SUMS: by path or name, else by a shorter or longer path
 * that could be no other artifact. Lines of other files are left out.
 *
 * @throws CommandError usage when two lines tell different digests of one artifact, or no line
 *   belongs to any
 */
export function outputsOf(release: Release, digests: ReadonlyMap<string, Sha256>): Output[] {
  const lines = [...digests].map(([name, sha256]) => ({ name: withoutDot(name), sha256 }));
  const outputs = release.artifacts.flatMap((artifact) => {
    const sha256 = digestOf(artifact, release.artifacts, lines);
    const { name, path } = artifact;
    return sha256 === null ? [] : [{ name, path, sha256, sizeBytes: null }];
  });
  if (outputs.length === 0) throw nothingFound(release, lines);
  return outputs;
}

interface Line {
  readonly name: string;
  readonly sha256: Sha256;
}

function digestOf(
  artifact: ReleaseArtifact,
  all: readonly ReleaseArtifact[],
  lines: readonly Line[],
): Sha256 | null {
  const others = all.filter((other) => other !== artifact);
  const exact = lines.filter(({ name }) => isNamed(name, artifact, others));
  if (exact.length > 0) return onlyDigest(artifact, exact);
  const near = lines.filter(
    ({ name }) =>
      isNear(name, artifact) &&
      !others.some((other) => isNear(name, other) || [other.path, other.name].includes(name)),
  );
  return near.length > 0 ? onlyDigest(artifact, near) : null;
}

function isNamed(
  line: string,
  { name, path }: ReleaseArtifact,
  others: readonly ReleaseArtifact[],
): boolean {
  return line === path || (line === name && !others.some((other) => other.path === line));
}

/**
 * Whether one path is the end of the other. The same file name in another folder is another file: a
 * HostOS image must never be attested as a GuestOS image because both are `update-img.tar.zst`.
 */
function isNear(line: string, { path }: ReleaseArtifact): boolean {
  return path.endsWith(`/${line}`) || line.endsWith(`/${path}`);
}

/** Several lines are one statement only where they say the same. */
function onlyDigest({ name, path }: ReleaseArtifact, lines: readonly Line[]): Sha256 | null {
  const [only, ...others] = new Set(lines.map(({ sha256 }) => sha256));
  if (others.length === 0) return only ?? null;
  throw new CommandError(
    EXIT.usage,
    `SHA256SUMS has several lines with different digests that could be ${name}`,
    `list it once, as ${path}`,
  );
}

function nothingFound(release: Release, lines: readonly Line[]): CommandError {
  const near = lines.find(({ name }) => release.artifacts.some((entry) => isNear(name, entry)));
  const expected = release.artifacts.map(({ path }) => path).join(', ');
  return new CommandError(
    EXIT.usage,
    near === undefined
      ? `SHA256SUMS lists no artifact of ${release.name}`
      : `${quote(near.name)} in SHA256SUMS could be several artifacts of ${release.name}`,
    expected === '' ? 'the release has no artifact' : `expected ${expected}`,
  );
}

function withoutDot(line: string): string {
  return line.replace(/^\.\//, '');
}
