import { quote } from '#libs/encoding';
import { ConsensusError } from './error.js';

/** How many operators have to agree: a count, or a fraction of the eligible ones. */
export type Threshold =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'fraction'; readonly numerator: number; readonly denominator: number };

const LIMIT = 1_000_000;

/**
 * Reads `3` as a count and `2/3` as a fraction of the eligible operators.
 *
 * @throws ConsensusError BAD_THRESHOLD for anything else, zero, or numbers above 1,000,000
 */
export function parseThreshold(text: string): Threshold {
  const match = /^(\d{1,7})(?:\/(\d{1,7}))?$/.exec(text);
  const numerator = Number(match?.[1]);
  const denominator = match?.[2] === undefined ? null : Number(match[2]);
  const numbers = denominator === null ? [numerator] : [numerator, denominator];
  if (match === null || numbers.some((number) => number < 1 || number > LIMIT)) {
    throw new ConsensusError(
      'BAD_THRESHOLD',
      `${quote(text)} is not a threshold: expected a count such as 3 or a fraction such as 2/3`,
    );
  }
  return denominator === null
    ? { kind: 'count', count: numerator }
    : { kind: 'fraction', numerator, denominator };
}

/** Writes a threshold as {@link parseThreshold} reads it. */
export function formatThreshold(threshold: Threshold): string {
  return threshold.kind === 'count'
    ? String(threshold.count)
    : `${threshold.numerator}/${threshold.denominator}`;
}

/**
 * Gives the number of agreeing operators that a threshold asks for among `eligible` ones: everyone
 * who was asked, whether they answered or not. A fraction is rounded up, in integers throughout.
 *
 * @throws ConsensusError THRESHOLD_TOO_LOW below 2 or at half or less, where two different digests
 *   could both win; THRESHOLD_OUT_OF_REACH when more operators are asked for than were invited
 */
export function votesNeeded(threshold: Threshold, eligible: number): number {
  const needed =
    threshold.kind === 'count'
      ? threshold.count
      : // Both factors are at most 1e6, so the product is exact.
        Math.floor(
          (eligible * threshold.numerator + threshold.denominator - 1) / threshold.denominator,
        );
  const said = `threshold ${formatThreshold(threshold)} asks for ${needed} of ${eligible} operators`;
  if (needed < 2) {
    throw new ConsensusError('THRESHOLD_TOO_LOW', `${said}: at least 2 have to agree`);
  }
  if (needed * 2 <= eligible) {
    throw new ConsensusError('THRESHOLD_TOO_LOW', `${said}: it has to be more than half of them`);
  }
  if (needed > eligible) {
    throw new ConsensusError('THRESHOLD_OUT_OF_REACH', `${said}: it can never be met`);
  }
  return needed;
}
