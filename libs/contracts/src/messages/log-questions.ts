import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { QuestionRefused } from './artifact-questions.js';

/** Largest log of a build that is shown; of a longer one its builder leaves out the middle. */
export const MAX_LOG_BYTES = 16 * 1024 ** 2;
/** Most bytes of a log that one answer shows. */
export const MAX_LOG_PIECE_BYTES = 512 * 1024;
/** Most characters of a log that is still being written which one answer shows. */
export const MAX_TAIL_CHARS = 16_384;

const Offset = z.number().int().min(0);

/** Asks a builder for a piece of the log of its build in a round, of which the log has its result. */
export const BuildLogAsked = z.strictObject({ round: Sha256Text, offset: Offset });
export type BuildLogAsked = z.infer<typeof BuildLogAsked>;

/** Bytes from the offset on, fewer than could be sent where the log ends; and how long all of it is. */
export const BuildLogPiece = z.strictObject({
  sizeBytes: Offset,
  bytes: z.base64().max(Math.ceil(MAX_LOG_PIECE_BYTES / 3) * 4),
});
export type BuildLogPiece = z.infer<typeof BuildLogPiece>;

/**
 * Asks a builder what its build in a round has printed since; answered while it builds, and only in a
 * round that is not blind. `fromByte` is null for what came last.
 */
export const LogTailAsked = z.strictObject({ round: Sha256Text, fromByte: Offset.nullable() });
export type LogTailAsked = z.infer<typeof LogTailAsked>;

/** Whole lines, masked; positions are those in the log as the build writes it, before it is masked. */
export const LogTail = z.strictObject({
  fromByte: Offset,
  nextByte: Offset,
  text: z.string().max(MAX_TAIL_CHARS),
});
export type LogTail = z.infer<typeof LogTail>;

export const BuildLogAnswer = z.union([BuildLogPiece, QuestionRefused]);
export type BuildLogAnswer = z.infer<typeof BuildLogAnswer>;
export const LogTailAnswer = z.union([LogTail, QuestionRefused]);
export type LogTailAnswer = z.infer<typeof LogTailAnswer>;
