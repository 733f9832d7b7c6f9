import { randomBytes } from 'node:crypto';
import {
  commitmentOf,
  commitStatement,
  refOf,
  resultStatement,
  signStatement,
  type Commit,
  type Envelope,
  type Release,
  type Result,
  type ResultHead,
  type Signer,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';

type Built = Extract<Result, { kind: 'built' }>;
type Failed = Extract<Result, { kind: 'failed' }>;

/** What a result made by hand answers. */
export interface Answered {
  /** Null for a build outside of any round. */
  readonly round: string | null;
  readonly release: Release;
  readonly builder: string;
}

/** Gives the digest that stands for the bytes which `variant` of a build makes of an artifact. */
export function outputDigest(artifact: string, variant = 'good'): string {
  return sha256(`${variant} bytes of ${artifact}`);
}

/**
 * Makes the result of a build that gave one output for every artifact, and that read the digests of
 * good bytes as published; `variant` names the bytes that it built.
 */
export function makeResult(
  { round, release, builder }: Answered,
  variant = 'good',
  over: Partial<Built> = {},
): Built {
  return {
    ...headOf({ round, release, builder }),
    kind: 'built',
    outputs: release.artifacts.map(({ name, path }) => ({
      name,
      path,
      sha256: outputDigest(name, variant),
      sizeBytes: 1,
    })),
    published: release.artifacts.map(({ name, path }) => ({
      artifact: name,
      source: 'cdn-sums',
      url: `https://download.example/${release.name}/${path}`,
      sha256: outputDigest(name),
      sizeBytes: null,
      error: null,
    })),
    inputs: {},
    logSha256: null,
    ...over,
  };
}

/** Makes the result of a build that came to nothing. */
export function makeFailure(answered: Answered, over: Partial<Failed> = {}): Failed {
  return {
    ...headOf(answered),
    kind: 'failed',
    stage: 'build',
    class: 'out-of-space',
    message: 'no space left on device',
    logSha256: null,
    ...over,
  };
}

function headOf({ round, release, builder }: Answered): ResultHead {
  return {
    round,
    builder,
    release: refOf(release),
    salt: toBase64(randomBytes(32)),
    agentVersion: '0.0.0-hand',
    agentDigest: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T01:00:00.000Z',
    environment: { source: 'declared', facts: { arch: 'x64' }, withheld: [] },
  };
}

/** Signs a result, whoever it says it is of. */
export function signResult(result: Result, signer: Signer): Envelope {
  return signStatement(resultStatement(result), signer);
}

/** Signs the commit to a signed result, as its builder would; `over` makes it say something else. */
export function signCommit(
  round: string,
  result: Envelope,
  signer: Signer,
  over: Partial<Commit> = {},
): Envelope {
  const commit = { round, builder: signer.id, commitment: commitmentOf(result), ...over };
  return signStatement(commitStatement(commit), signer);
}
