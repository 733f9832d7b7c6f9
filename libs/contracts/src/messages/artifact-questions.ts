import { z } from 'zod';
import { Output, Sha256Text } from '#libs/attestation';

/** Most pages of a manifest that are asked for at once. */
export const MAX_PAGES_ASKED = 64;
/** Most pieces of a file whose digests are asked for at once. */
export const MAX_CHUNKS_ASKED = 1_024;
/** Most bytes of a file that one question reads through. */
export const MAX_READ_BYTES = 1024 ** 3;
/** Most bytes of a file that one answer shows. */
export const MAX_BYTES_SHOWN = 16_384;
/** Largest body of an answer; what does not fit into it is not sent. Servers take 1 MiB. */
export const MAX_ANSWER_BYTES = 900_000;

const Offset = z.number().int().min(0);
/** Of one page: some 600 kB. */
const MAX_PAGE_TEXT = 800_000;

/** One artifact of this builder's own result in a round. */
const AskedArtifact = { round: Sha256Text, artifact: Output.shape.name };

/**
 * From the artifact down to one node, as a manifest's `Location` has it. Names come from images and
 * may be anything: they are compared with what a reader finds, and are never a path of a machine.
 */
export const AskedLocation = z.array(z.string().max(16_384)).min(1).max(16);
export type AskedLocation = z.infer<typeof AskedLocation>;

/**
 * Why a builder answers a question about an artifact with nothing. `not-revealed`: it holds no
 * receipt of a result of its own, as of a round that is still blind, or that it never heard of.
 */
export const QUESTION_REFUSALS = [
  'malformed',
  'switched-off',
  'not-revealed',
  'no-such-artifact',
  'not-kept',
  'no-such-file',
  'unreadable',
  'busy',
  'timeout',
] as const;
export const QuestionRefusal = z.enum(QUESTION_REFUSALS);
export type QuestionRefusal = z.infer<typeof QuestionRefusal>;

/** An answer that is none, and why. */
export const QuestionRefused = z.strictObject({ refused: QuestionRefusal });
export type QuestionRefused = z.infer<typeof QuestionRefused>;

/** Asks a builder for pages of the manifest of what it built, by their digests. */
export const ManifestPagesAsked = z.strictObject({
  ...AskedArtifact,
  digests: z.array(Sha256Text).min(1).max(MAX_PAGES_ASKED),
});
export type ManifestPagesAsked = z.infer<typeof ManifestPagesAsked>;

/**
 * Base64 of the pages, in the question's order; null for what the manifest does not have. Possibly
 * fewer than were asked for, but one at least: the rest did not fit, and can be asked for again.
 */
export const ManifestPages = z.strictObject({
  pages: z.array(z.base64().max(MAX_PAGE_TEXT).nullable()).min(1).max(MAX_PAGES_ASKED),
});
export type ManifestPages = z.infer<typeof ManifestPages>;

/** Asks a builder for the digests of pieces of one file inside of what it built. */
export const FileChunksAsked = z
  .strictObject({
    ...AskedArtifact,
    location: AskedLocation,
    /** Bytes of each piece but the file's last. */
    chunkBytes: z
      .number()
      .int()
      .min(512)
      .max(64 * 1024 ** 2),
    /** Number of the first piece, counted from 0. */
    first: Offset,
    count: z.number().int().min(1).max(MAX_CHUNKS_ASKED),
  })
  .refine(({ chunkBytes, count }) => chunkBytes * count <= MAX_READ_BYTES, {
    error: `asks for more than ${MAX_READ_BYTES} bytes to be read`,
  })
  .refine(({ chunkBytes, first }) => Number.isSafeInteger(chunkBytes * first), {
    error: 'begins beyond every file',
  });
export type FileChunksAsked = z.infer<typeof FileChunksAsked>;

/** SHA-256 of each piece from the first that was asked for; fewer where the file ends. */
export const FileChunks = z.strictObject({
  /** Of the whole file. */
  sizeBytes: Offset,
  digests: z.array(Sha256Text).max(MAX_CHUNKS_ASKED),
});
export type FileChunks = z.infer<typeof FileChunks>;

/** Asks a builder for some bytes of one file inside of what it built. */
export const FileBytesAsked = z.strictObject({
  ...AskedArtifact,
  location: AskedLocation,
  offset: Offset,
  length: z.number().int().min(1).max(MAX_BYTES_SHOWN),
});
export type FileBytesAsked = z.infer<typeof FileBytesAsked>;

/** A part of the bytes that was replaced by a filler: there stood the value of this fact. */
export const ByteMask = z.strictObject({
  /** From the first byte of the answer. */
  offset: Offset.max(MAX_BYTES_SHOWN),
  length: z.number().int().min(1).max(MAX_BYTES_SHOWN),
  /** Such as `machine.hostname`. */
  fact: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/),
});
export type ByteMask = z.infer<typeof ByteMask>;

/**
 * Bytes of a file, fewer than were asked for where it ends, with the builder's private values masked:
 * ascending, none over another. The filler is `#`.
 */
export const FileBytes = z.strictObject({
  bytes: z.base64().max(Math.ceil(MAX_BYTES_SHOWN / 3) * 4),
  masks: z.array(ByteMask).max(MAX_BYTES_SHOWN / 2),
});
export type FileBytes = z.infer<typeof FileBytes>;

export const ManifestPagesAnswer = z.union([ManifestPages, QuestionRefused]);
export type ManifestPagesAnswer = z.infer<typeof ManifestPagesAnswer>;
export const FileChunksAnswer = z.union([FileChunks, QuestionRefused]);
export type FileChunksAnswer = z.infer<typeof FileChunksAnswer>;
export const FileBytesAnswer = z.union([FileBytes, QuestionRefused]);
export type FileBytesAnswer = z.infer<typeof FileBytesAnswer>;
