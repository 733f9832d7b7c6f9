import { Time } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { wholeNumber } from '../whole-number.js';

/** As many as fit the nine digits of a whole number. */
const MOST_ENTRIES = 999_999_999;

/** How a revocation says what its key is doubted for. */
export interface DoubtOptions {
  readonly since?: string;
  readonly sinceIndex?: string;
}

/**
 * Reads from when on what a key signed deserves doubt: from now on where no time was typed.
 *
 * @throws CommandError usage
 */
export function doubtOf({ since, sinceIndex }: DoubtOptions): {
  readonly since: string;
  readonly sinceIndex?: number;
} {
  return {
    since: sinceOf(since),
    ...(sinceIndex !== undefined && {
      sinceIndex: wholeNumber(sinceIndex, '--since-index', 0, MOST_ENTRIES),
    }),
  };
}

/** @throws CommandError usage */
function sinceOf(text: string | undefined): string {
  if (text === undefined) return new Date().toISOString();
  if (Time.safeParse(text).success) return text;
  throw new CommandError(
    EXIT.usage,
    `--since takes a UTC time such as 2026-11-20T00:00:00Z, not ${JSON.stringify(text)}`,
  );
}
