import { z } from 'zod';
import { Environment } from './environment.js';
import type { Intermediate } from './intermediate.js';
import { quickCount, quickNullable, quickObject, quickText, quickValue } from './quick-match.js';
import { ArtifactName, quickArtifactName, ReleaseRef } from './release.js';
import { Bytes32, Id, Label, quickLabel, quickSha256, Sha256Text, Time } from './statement.js';

/** One thing that a builder read as published, or why it could not. */
export const Published = z.object({
  artifact: ArtifactName,
  source: z.enum(['cdn-sums', 'cdn-bytes', 'proposal-url']),
  url: z.string().max(2000),
  sha256: Sha256Text.nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
  error: z.object({ code: Label, message: z.string().max(500) }).nullable(),
});
export type Published = z.infer<typeof Published>;

export const quickPublished = quickObject({
  artifact: quickArtifactName,
  source: quickValue('cdn-sums', 'cdn-bytes', 'proposal-url'),
  url: quickText(2000),
  sha256: quickNullable(quickSha256),
  sizeBytes: quickNullable(quickCount),
  error: quickNullable(quickObject({ code: quickLabel, message: quickText(500) })),
});

/** One artifact that came out of the build. */
export const Output = z.object({
  name: ArtifactName,
  path: z.string().max(200),
  sha256: Sha256Text,
  /** Null where only the digest is at hand, as in a build that was made by hand. */
  sizeBytes: z.number().int().min(0).nullable(),
  /**
   * Root of its content manifest. Absent where none could be made, and from agents and hands that
   * make none. Nothing counts by it: it says what the answers to later questions are held against.
   */
  manifest: Sha256Text.exactOptional(),
});
export type Output = z.infer<typeof Output>;

export const quickOutput = quickObject(
  {
    name: quickArtifactName,
    path: quickText(200),
    sha256: quickSha256,
    sizeBytes: quickNullable(quickCount),
  },
  { manifest: quickSha256 },
);

/** What every result tells, whether the build succeeded or not. */
export const ResultHead = z.object({
  /** The round it answers; null for a build that was made outside of any. */
  round: Sha256Text.nullable(),
  builder: Id,
  release: ReleaseRef,
  /** 32 random bytes that keep the commitment from being guessed. */
  salt: Bytes32,
  agentVersion: Label,
  /** SHA-256 of the one file that the agent ran from; null where it ran from a checkout. */
  agentDigest: Sha256Text.nullable(),
  startedAt: Time,
  finishedAt: Time,
  environment: Environment,
});
export type ResultHead = z.infer<typeof ResultHead>;

/** Stages of a build, in order; a failure names the one that it happened in. */
export const STAGES = ['preflight', 'source', 'build', 'outputs', 'published', 'submit'] as const;
export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

/** What a builder got. */
export type Result =
  | (ResultHead & {
      readonly kind: 'built';
      readonly outputs: readonly Output[];
      readonly published: readonly Published[];
      /** Digests of what went in, by name: the source tree, the build script, the build image. */
      readonly inputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
      /**
       * What the build left on its way, by ascending name. Absent where none is known for such a
       * commit, and from agents and hands that tell none.
       */
      readonly intermediates?: readonly Intermediate[];
      /** Digest of the complete build log, which follows the result. */
      readonly logSha256: string | null;
    })
  | (ResultHead & {
      readonly kind: 'failed';
      readonly stage: Stage;
      readonly class: string;
      readonly message: string;
      readonly logSha256: string | null;
    });
