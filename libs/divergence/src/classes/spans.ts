import { DEBIAN_VERSION_SOURCE } from './debian-version.js';
import { MASK_SOURCE } from './masked-text.js';
import { TIME_SOURCE } from './time-text.js';

/** Kinds of things that a text tells by their form. */
export const SPAN_KINDS = [
  'mask',
  'uuid',
  'bytes',
  'digest',
  'debian',
  'time',
  'account',
  'path',
  'version',
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** One thing that was told from its surroundings by its form. */
export interface Span {
  readonly kind: SpanKind;
  readonly text: string;
  readonly start: number;
}

// At one place the first that fits is taken. No two parts of any of them can match the same text in
// more than one way, so that no hostile line is looked through more than once.
const SOURCES: Readonly<Record<SpanKind, string>> = {
  mask: MASK_SOURCE.replace('(', '(?:'),
  uuid: '\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b',
  bytes: '\\[\\d{1,3}(?:, ?\\d{1,3}){15,63}\\]',
  digest: [
    '(?<![0-9a-z])(?:[0-9a-f]{128}|[0-9a-f]{96}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])',
    '(?<![0-9a-z+/])(?:[0-9a-z+/]{43}=|[0-9a-z+/]{86}==)(?![0-9a-z+/=])',
  ].join('|'),
  // Before times: `20230311ubuntu0.1` begins like a day.
  debian: DEBIAN_VERSION_SOURCE,
  time: TIME_SOURCE,
  account: '(?<![\\w.@/-])[a-z_][\\w.-]{0,63}@[a-z0-9][\\w.-]{0,63}(?![\\w@])',
  path: '(?<![\\w./@-])(?:/[\\w.+@~%=,:-]{1,255}){2,64}/?',
  version: [
    '(?<![\\w.])v?(?:\\d{1,5}:)?\\d{1,9}(?:\\.\\d{1,9}){2,6}(?:[-+~][0-9a-z.+~]{1,40}){0,3}(?![\\w.])',
    '(?<=[a-z0-9][-_@]|version:? |version=|\\bv)\\d{1,9}\\.\\d{1,9}(?:[-+~][0-9a-z.+~]{1,40}){0,3}(?![\\w.])',
    '(?<=[a-z0-9][-_@])(?:\\d{1,5}:)?\\d{1,9}(?:\\.\\d{1,9}){2,6}(?:[-+~][0-9a-z.+~]{1,40}){0,3}(?![a-z0-9.])',
  ].join('|'),
};

const ALL = new RegExp(SPAN_KINDS.map((kind) => `(?<${kind}>${SOURCES[kind]})`).join('|'), 'gi');

/** Finds what a text tells by its form, from left to right, none touching another's characters. */
export function spansOf(text: string): readonly Span[] {
  return [...text.matchAll(ALL)].map((match) => {
    const kind = SPAN_KINDS.find((each) => match.groups?.[each] !== undefined) ?? 'mask';
    return { kind, text: match[0], start: match.index };
  });
}

/** A text with each span replaced by its kind: what two texts have in common beside them. */
export function skeletonOf(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const span of spans) {
    const kind = span.kind === 'debian' ? 'version' : span.kind;
    parts.push(text.slice(at, span.start), `\ue004${kind}\ue004`);
    at = span.start + span.text.length;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
