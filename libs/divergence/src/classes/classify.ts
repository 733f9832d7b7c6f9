import type { Difference, Excerpt, Finding } from '../difference.js';
import type { ClassifyContext } from './context.js';

/**
 * Names what kind of thing makes two nodes differ. One difference gives a finding for each kind that
 * was seen in it, such as one for its mode and two for its content; never none.
 */
export function classify(
  difference: Difference,
  _excerpts: readonly Excerpt[] = [],
  _context: ClassifyContext = {},
): readonly Finding[] {
  return [{ difference, class: 'unknown', detail: '', seenFacts: [] }];
}
