import type { ClassifyContext } from './context.js';
import { unmasked } from './masked-text.js';
import { classOfFact, openFactsIn } from './private-facts.js';
import type { Seen } from './seen.js';
import { seeSpans } from './span-pair.js';
import { skeletonOf, spansOf } from './spans.js';
import { middleOf, seeMiddle } from './word-pair.js';

const MAX_LINE_CHARACTERS = 4096;

/** Names what makes two lines differ, masks as `maskedText` leaves them; nothing for equal lines. */
export function seeTexts(left: string, right: string, context: ClassifyContext): readonly Seen[] {
  if (left === right) return [];
  const [a, b] = [left.slice(0, MAX_LINE_CHARACTERS), right.slice(0, MAX_LINE_CHARACTERS)];
  return (seeByForm(a, b, context) ?? [seeByPlace(a, b, context)]).map((seen) => ({
    ...seen,
    detail: unmasked(seen.detail),
  }));
}

/** Null where the lines differ in more than in things of a form that tells what they are. */
function seeByForm(left: string, right: string, context: ClassifyContext): readonly Seen[] | null {
  const [a, b] = [spansOf(left), spansOf(right)];
  if (skeletonOf(left, a) !== skeletonOf(right, b)) return null;
  const seen = a.flatMap((span, index) => {
    const other = b[index]?.text ?? '';
    if (span.text === other) return [];
    const before = left.slice(0, span.start);
    const told = seeSpans(span.kind, span.text, other, before, context);
    return (told ?? [seeByPlace(left, right, context)]).map((each) =>
      withFacts(each, span.text, other, context),
    );
  });
  return seen.length === 0 ? null : seen;
}

function seeByPlace(left: string, right: string, context: ClassifyContext): Seen {
  const middle = middleOf(left, right);
  return withFacts(seeMiddle(middle), middle.left, middle.right, context);
}

/** A value that the builder told openly says more than the form of what stands there. */
function withFacts(seen: Seen, left: string, right: string, context: ClassifyContext): Seen {
  if (seen.facts.length > 0 || seen.impliedBy !== undefined) return seen;
  const facts = openFactsIn(left, right, context);
  if (facts.length === 0) return seen;
  const told = facts.map((fact) => classOfFact(fact)).find((each) => each !== null);
  return {
    class: told ?? seen.class,
    detail: `each builder’s own ${facts.join(', ')}: ${seen.detail}`,
    facts,
  };
}
