import type { Replacement } from '#libs/contracts';
import type { Choice } from '#libs/selection';
import type { Missing } from './missing-builders.js';

/** Most builders that are added to one round by itself: each more is one more who has to agree. */
export const MAX_REPLACEMENTS = 16;

/**
 * Picks the missing builders in whose stead nobody has come: those that are newly missing, and those
 * for whom nobody was there when it was looked last.
 */
export function unreplaced(
  missing: readonly Missing[],
  replacements: readonly Replacement[],
): readonly Missing[] {
  const settled = new Set(
    replacements.flatMap(({ builder, by, note }) =>
      by.length > 0 || note === null ? [builder] : [],
    ),
  );
  return missing.filter(({ builder }) => !settled.has(builder));
}

/** What came of an attempt to replace somebody: who was invited, or why nobody was. */
export type Attempt = Choice | { readonly kind: 'refused'; readonly reason: string };

/**
 * Writes down what became of those who are missing: who came in whose stead, the first for the first,
 * and all who are left over for the last. What was noted of them before is told anew.
 */
export function noteReplacements(
  held: readonly Replacement[],
  missing: readonly Missing[],
  attempt: Attempt,
  at: Date,
): readonly Replacement[] {
  const taken = attempt.kind === 'chosen' ? attempt.taken : [];
  const told = new Map(held.map((one) => [one.builder, one]));
  for (const [place, { builder, operator, because }] of missing.entries()) {
    const isLast = place === missing.length - 1;
    const by = isLast ? taken.slice(place) : taken.slice(place, place + 1);
    told.set(builder, {
      ...{ builder, operator, because, by: [...by] },
      at: told.get(builder)?.at ?? at.toISOString(),
      note: by.length > 0 ? null : noteOf(attempt, taken.length),
    });
  }
  return [...told.values()];
}

/** Why nobody came for somebody; null where nobody needs to. */
function noteOf(attempt: Attempt, takenCount: number): string | null {
  if (attempt.kind === 'refused') return attempt.reason;
  if (attempt.unmet.length === 0) return null;
  const wants = attempt.unmet
    .map(({ demand, wants: want }) => `${demand} wants ${want}`)
    .join('; ');
  return takenCount > 0 ? `not enough are left: ${wants}` : `nobody is left: ${wants}`;
}
