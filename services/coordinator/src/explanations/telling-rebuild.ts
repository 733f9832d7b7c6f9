import type { FactValue } from '#libs/divergence';

/** What one build of an experiment's artifact came to, and the fact that was to be changed. */
export interface Rebuild {
  readonly digest: string;
  /** Absent where the builder does not tell the fact. */
  readonly value: FactValue | undefined;
}

/** A fact that left its machine as a digest only. */
export const SALTED = /^sha256:[0-9a-f]{64}$/;

/**
 * Whether a re-build with one fact changed tells anything. It does not where the fact is as before, for
 * then the change was not made. A salted fact has another value in each round, whether it was changed
 * or not: bytes that moved tell something, and bytes that stayed must rule out nothing.
 */
export function isTelling(before: Rebuild, after: Rebuild): boolean {
  if (SALTED.test(String(after.value))) return before.digest !== after.digest;
  return before.value === undefined || before.value !== after.value;
}
