import type { Attributes } from '#libs/manifest';
import type { ByteWindow, Difference, DifferenceClass, Excerpt, Finding } from '../difference.js';
import { partTimes } from './attribute-times.js';
import { pick } from '../walk/pick.js';
import { firstDifference, seeBytes } from './binary.js';
import { byteWindow } from './byte-window.js';
import type { ClassifyContext } from './context.js';
import { seeDrawnFile } from './drawn-file.js';
import { isDpkgStatus, seeDpkgStatus } from './dpkg-status.js';
import { CLASS_OF_FACET, facetsOf, type Facet } from './facets.js';
import { isText } from './is-text.js';
import { seeLines } from './lines.js';
import { maskedText, unmasked } from './masked-text.js';
import { withPlaces } from './places.js';
import { bothSides, readable } from './readable.js';
import { gather, type Seen } from './seen.js';
import { seeTexts } from './text-pair.js';
import { unifiedDiff } from './unified.js';

/**
 * Names what kind of thing makes two nodes differ. One difference gives a finding for each kind that
 * was seen in it, such as one for its mode and two for its content; never none. Masks in excerpts
 * tell a host, a user or a path surely; without them the form decides, and `detail` says so.
 *
 * All of it is a stranger's: details have at most 300 characters, diffs at most 60 lines of 200,
 * and of what is no text at most 256 bytes of each side are kept.
 */
export function classify(
  difference: Difference,
  excerpts: readonly Excerpt[] = [],
  context: ClassifyContext = {},
): readonly Finding[] {
  return facetsOf(difference).flatMap((facet) => {
    if (facet.name === 'content') return classifyContent(facet.difference, excerpts, context);
    if (facet.name === 'time') return classifyTimes(facet.difference, context);
    return [findingOf(facet.difference, seeAttributes(facet, context))];
  });
}

function classifyContent(
  difference: Difference,
  excerpts: readonly Excerpt[],
  beside: ClassifyContext,
): readonly Finding[] {
  const context = { ...beside, own: difference.location };
  const { left, right } = difference;
  const { target: leftTarget, kind: leftKind } = left ?? {};
  const { target: rightTarget, kind: rightKind } = right ?? {};
  if (leftKind !== rightKind) {
    const detail = `not the same kind of thing: ${bothSides(text(leftKind), text(rightKind))}`;
    return [findingOf(difference, { class: 'unknown', detail, facts: [] })];
  }
  if (leftTarget !== rightTarget) {
    const seen = gather(seeTexts(text(leftTarget), text(rightTarget), context));
    return seen.map((each) => findingOf(difference, each));
  }
  const isAllText = excerpts.every((one) => isText(one.left) && isText(one.right));
  // Of a text the diff shows where; within an ELF file a part that reads as one is still of a section.
  const isOfSections = (context.sections ?? []).length > 0;
  const seen = gather(
    excerpts.flatMap((excerpt) => {
      const drawn = seeDrawnFile(excerpt, context);
      if (drawn !== null) return drawn;
      if (!isAllText) return seeBytes(excerpt, context);
      const [a, b] = [maskedText(excerpt, 'left', context), maskedText(excerpt, 'right', context)];
      const see = isDpkgStatus(difference.location) ? seeDpkgStatus : seeLines;
      const lines = see(a, b, excerpt.isWhole === true, context);
      return isOfSections
        ? lines.map((each) => ({ ...each, at: placesOf(excerpt, context) }))
        : lines;
    }),
  );
  if (seen.length === 0) return [findingOf(difference, notSeen(difference, excerpts))];
  const diff = isAllText ? diffOf(excerpts, context) : undefined;
  const bytes = isAllText ? undefined : bytesOf(excerpts, context);
  return seen.map((each, index) => ({
    ...findingOf(difference, each, context),
    ...(index === 0 && diff !== undefined && { diff }),
    ...(index === 0 && bytes !== undefined && { bytes }),
  }));
}

function placesOf(excerpt: Excerpt, context: ClassifyContext): readonly number[] {
  const first = firstDifference(excerpt, context);
  return first === null ? [] : [excerpt.offset + first];
}

function diffOf(excerpts: readonly Excerpt[], context: ClassifyContext): string | undefined {
  const [first] = excerpts;
  if (first === undefined) return undefined;
  const diff = unifiedDiff(maskedText(first, 'left', context), maskedText(first, 'right', context));
  if (diff === undefined || excerpts.length === 1 || diff.includes('\n… ')) return diff;
  return `${diff}… more that differs lies further on\n`;
}

/** The first bytes that differ; where masks alone do, there is nothing to be shown. */
function bytesOf(excerpts: readonly Excerpt[], context: ClassifyContext): ByteWindow | undefined {
  for (const excerpt of excerpts) {
    const first = firstDifference(excerpt, context);
    if (first !== null) return byteWindow(excerpt, first);
  }
  return undefined;
}

function notSeen({ left, right }: Difference, excerpts: readonly Excerpt[]): Seen {
  const sizes = bothSides(text(left?.['size']), text(right?.['size']));
  const isOther = left?.['size'] !== right?.['size'];
  const why = excerpts.length === 0 ? 'its bytes were not looked at' : 'no byte was seen to differ';
  return { class: 'unknown', detail: isOther ? `${why}; sizes: ${sizes}` : why, facts: [] };
}

/** Times that a build left, and apart from them those that no build did. */
function classifyTimes(difference: Difference, context: ClassifyContext): readonly Finding[] {
  const { left, right } = difference;
  if (left === null || right === null) return [];
  const { own, foreign } = partTimes(left, right, context);
  const told = (names: readonly string[], kind: DifferenceClass, before: string): Finding => {
    const part = { ...difference, left: pick(left, names), right: pick(right, names) };
    const detail = `${before}${listed(part.left, part.right)}`;
    return findingOf(part, { class: kind, detail, facts: [] });
  };
  return [
    ...(own.length > 0 || foreign.length === 0 ? [told(own, CLASS_OF_FACET.time, '')] : []),
    ...(foreign.length > 0
      ? [told(foreign, 'unknown', 'times, none of which is a build’s: ')]
      : []),
  ];
}

function seeAttributes({ name, difference }: Facet, context: ClassifyContext): Seen {
  const { left, right, kind } = difference;
  const told = CLASS_OF_FACET[name];
  if (left === null || right === null) {
    const detail = `only on the ${left === null ? 'right' : 'left'}: a ${kind}`;
    return { class: told, detail, facts: [] };
  }
  const shown = listed(left, right);
  if (name !== 'xattr') return { class: told, detail: shown, facts: [] };
  // What a label says may be a builder's own name, told openly or not.
  const facts = seeTexts(values(left), values(right), context).flatMap((seen) => seen.facts);
  return { class: told, detail: shown, facts: [...new Set(facts)] };
}

function listed(left: Attributes, right: Attributes): string {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names
    .map((name) => `${name}: ${bothSides(text(left[name]), text(right[name]))}`)
    .join('; ');
}

function values(attributes: Attributes): string {
  return Object.values(attributes).join(' ');
}

function text(value: string | number | undefined): string {
  return value === undefined ? 'none' : String(value);
}

function findingOf(
  difference: Difference,
  seen: Seen,
  { sections }: ClassifyContext = {},
): Finding {
  const detail = unmasked(seen.detail);
  return {
    difference,
    class: seen.class,
    detail: readable(withPlaces({ ...seen, detail }, sections)),
    seenFacts: seen.facts,
    ...(seen.impliedBy !== undefined && { impliedBy: seen.impliedBy }),
  };
}
