import { PIECE_BYTES } from './find-pieces.js';
import { MOST_BYTES } from './read-part.js';

/** Pieces that differ and lie next to each other. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Bytes that one question asks for, and the runs within them. */
export interface Read extends Run {
  readonly runs: readonly Run[];
}

/** Around each run, so that its line begins and ends within what is read. */
export const AROUND_BYTES = 256;
/** Equal bytes between two runs: fewer cost less than a question. */
const MAX_GAP_BYTES = 4096;

/** Puts pieces together that lie so close that what is around them would overlap. */
export function runsOf(offsets: readonly number[]): readonly Run[] {
  const runs: Run[] = [];
  for (const start of offsets) {
    const last = runs.at(-1);
    const end = start + PIECE_BYTES;
    if (last !== undefined && start - last.end <= 2 * AROUND_BYTES) {
      runs.splice(-1, 1, { start: last.start, end });
    } else {
      runs.push({ start, end });
    }
  }
  return runs;
}

/** Puts runs together that one question can ask for; of each at most so many bytes. */
export function readsOf(runs: readonly Run[], mostBytes: number): readonly Read[] {
  const reads: Read[] = [];
  for (const run of runs) {
    const start = Math.max(0, run.start - AROUND_BYTES);
    const end = Math.min(run.end, run.start + mostBytes) + AROUND_BYTES;
    const last = reads.at(-1);
    const isNear =
      last !== undefined && end - last.start <= MOST_BYTES && start - last.end <= MAX_GAP_BYTES;
    if (isNear) reads.splice(-1, 1, { start: last.start, end, runs: [...last.runs, run] });
    else reads.push({ start, end, runs: [run] });
  }
  return reads;
}
