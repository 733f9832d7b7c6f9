import type { ClassifyContext } from './context.js';
import { unmasked } from './masked-text.js';
import { classOfFact, openFactsIn } from './private-facts.js';
import { notCompared, type Seen } from './seen.js';
import { seeSpans } from './span-pair.js';
import { skeletonOf, spansOf } from './spans.js';
import { middleOf, seeMiddle } from './word-pair.js';

const MAX_LINE_CHARACTERS = 4096;

/** Names what makes two lines differ, masks as `maskedText` leaves them; nothing for equal lines. */
export function seeTexts(left: string, right: string, context: ClassifyContext): readonly Seen[] {
  if (left === right) return [];
  const [a, b] = [left.slice(0, MAX_LINE_CHARACTERS), right.slice(0, MAX_LINE_CHARACTERS)];
  const seen = a === b ? [] : (seeByForm(a, b, context) ?? [seeByPlace(a, b, context)]);
  const more = `what follows the first ${MAX_LINE_CHARACTERS} characters of a line`;
  return [...seen, ...(isCut(left, right) ? [notCompared(more)] : [])].map((each) => ({
    ...each,
    detail: unmasked(each.detail),
  }));
}

/** Whether two lines differ beyond what is looked at, what both end with left out. */
function isCut(left: string, right: string): boolean {
  const longer = Math.max(left.length, right.length);
  if (longer <= MAX_LINE_CHARACTERS) return false;
  const shorter = Math.min(left.length, right.length);
  let end = 0;
  while (end < shorter && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return longer - end > MAX_LINE_CHARACTERS;
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
