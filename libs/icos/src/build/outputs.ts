import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { quote, sha256, type Sha256 } from '#libs/encoding';
import { checkArchive, ImageError } from '#libs/image';
import { ARTIFACT_NAMES, type ArtifactName } from '../release/artifact.js';
import type { ArtifactSpec, Era } from '../release/era.js';
import { IcosError, interrupted } from '../error.js';
import type { HashedFile } from '../hash/hash.js';
import { HashStream } from '../hash/hash-stream.js';
import { type LaunchMeasurement, parseMeasurements } from '../release/measurements.js';
import { releasePath } from '../release/statement-name.js';

/** One artifact that came out of a build, whole and hashed. */
export interface BuildOutput {
  readonly artifact: ArtifactName;
  /** Path inside the release, such as `host-os/update-img/update-img.tar.zst`. */
  readonly releasePath: string;
  /** Where it lies on this machine. */
  readonly file: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

/** All that a build gave. */
export interface BuildOutputs {
  /** In the order of the era's row. */
  readonly outputs: readonly BuildOutput[];
  /** What the built launch-measurements.json says; null where the era makes none. */
  readonly measurements: readonly LaunchMeasurement[] | null;
}

/** What to collect, and from where. */
export interface OutputsRequest {
  readonly worktree: string;
  readonly era: Pick<Era, 'artifacts'>;
  /** Collects these artifacts only; default all of the era. */
  readonly artifacts?: readonly ArtifactName[];
  readonly signal?: AbortSignal;
}

const MAX_MEASUREMENTS_BYTES = 1024 ** 2;

/**
 * Finds what a build made, reads each archive to its very end, and hashes it. An output that is
 * absent, ends early, does not decompress or lacks a member gives an error and never a digest: it
 * is a failed build, not a vote for other bytes.
 *
 * @throws IcosError OUTPUT_MISSING, OUTPUT_TRUNCATED, NOT_READABLE, INTERRUPTED
 */
export async function collectOutputs(request: OutputsRequest): Promise<BuildOutputs> {
  const { worktree, era, artifacts = ARTIFACT_NAMES, signal } = request;
  const specs = era.artifacts.filter(({ name }) => artifacts.includes(name));
  const root = await realpath(worktree).catch(() => worktree);
  const files = await Promise.all(specs.map(async (spec) => findOutput(root, spec)));
  let measurements: readonly LaunchMeasurement[] | null = null;
  const outputs: BuildOutput[] = [];
  for (const [index, spec] of specs.entries()) {
    const file = files[index] ?? '';
    if (spec.members.length > 0) {
      const hashed = await readOutput(file, spec, signal);
      outputs.push({ artifact: spec.name, releasePath: releasePath(spec), file, ...hashed });
      continue;
    }
    const bytes = await readSmall(file, spec);
    measurements = parseBuilt(bytes.toString('utf8'), spec);
    const hashed = { sha256: sha256(bytes), sizeBytes: bytes.length };
    outputs.push({ artifact: spec.name, releasePath: releasePath(spec), file, ...hashed });
  }
  return { outputs, measurements };
}

async function findOutput(root: string, spec: ArtifactSpec): Promise<string> {
  const path = join(root, ...spec.outputPath.split('/'));
  const facts = await lstat(path).catch(() => null);
  const real = await realpath(path).catch(() => null);
  if (facts === null || real === null) {
    throw new IcosError('OUTPUT_MISSING', `the build made no ${spec.outputPath}`);
  }
  // A link would let the build have any file of this machine hashed and its digest published.
  if (!facts.isFile() || !real.startsWith(root + sep)) {
    throw new IcosError('OUTPUT_MISSING', `${spec.outputPath} is not a file of the worktree`);
  }
  return real;
}

/** One reading for both: what was found whole and what was hashed are the same bytes. */
async function readOutput(
  file: string,
  spec: ArtifactSpec,
  signal: AbortSignal | undefined,
): Promise<HashedFile> {
  const hash = new HashStream();
  try {
    const { compressedBytes } = await checkArchive(file, {
      members: spec.members,
      onBytes: async (chunk) => hash.update(chunk),
      ...(signal !== undefined && { signal }),
    });
    return { sha256: await hash.end(), sizeBytes: compressedBytes };
  } catch (cause) {
    if (signal?.aborted === true) throw interrupted(signal);
    if (!(cause instanceof ImageError)) throw cause;
    throw new IcosError(
      'OUTPUT_TRUNCATED',
      `${spec.outputPath} is not a whole archive: ${cause.message}`,
      { cause },
    );
  } finally {
    await hash.close();
  }
}

async function readSmall(file: string, spec: ArtifactSpec): Promise<Buffer> {
  if ((await lstat(file)).size > MAX_MEASUREMENTS_BYTES) {
    throw new IcosError(
      'OUTPUT_TRUNCATED',
      `${spec.outputPath} is longer than ${MAX_MEASUREMENTS_BYTES} bytes`,
    );
  }
  return readFile(file);
}

function parseBuilt(text: string, spec: ArtifactSpec): readonly LaunchMeasurement[] {
  try {
    return parseMeasurements(text);
  } catch (cause) {
    throw new IcosError(
      'OUTPUT_TRUNCATED',
      `${quote(spec.outputPath)} holds no launch measurements`,
      { cause },
    );
  }
}
