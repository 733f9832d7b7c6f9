import type { Attributes } from '#libs/manifest';
import type { Aspect, Difference, DifferenceClass } from '../difference.js';

/** What of a difference is judged by itself. */
export type FacetName =
  | 'presence'
  | 'content'
  | 'identity'
  | 'seed'
  | 'time'
  | 'mode'
  | 'owner'
  | 'xattr'
  | 'compression'
  | 'header'
  | 'holes'
  | 'order'
  | 'links'
  | 'layout'
  | 'rest';

/** A part of a difference that is of one kind. */
export interface Facet {
  readonly name: FacetName;
  /** With the attributes and aspects of this facet alone. */
  readonly difference: Difference;
}

const BY_NAME: Readonly<Record<string, FacetName>> = {
  ...Object.fromEntries(
    ['uuid', 'journal-uuid', 'disk-guid', 'guid', 'volume-id', 'serial', 'pv-uuid', 'vg-uuid'].map(
      (name) => [name, 'identity'] as const,
    ),
  ),
  ...Object.fromEntries(
    ['mtime', 'atime', 'ctime', 'crtime', 'created', 'written', 'mounted', 'checked'].map(
      (name) => [name, 'time'] as const,
    ),
  ),
  'hash-seed': 'seed',
  ...{ 'free-clusters': 'layout', 'next-free': 'layout' },
  ...{ mode: 'mode', uid: 'owner', gid: 'owner', user: 'owner', group: 'owner' },
  ...{ holes: 'holes', 'hole-unit': 'holes', order: 'order', links: 'links' },
  ...{ layout: 'layout', first: 'layout', last: 'layout', rest: 'rest', trailing: 'rest' },
};

const BY_ASPECT: Readonly<Record<Aspect, FacetName>> = {
  presence: 'presence',
  kind: 'content',
  content: 'content',
  size: 'content',
  target: 'content',
  device: 'content',
  mode: 'mode',
  owner: 'owner',
  time: 'time',
  xattr: 'xattr',
  holes: 'holes',
  order: 'order',
  header: 'header',
  layout: 'layout',
  rest: 'rest',
};

const CONTENT = new Set(['content', 'size', 'target', 'kind', 'inside', 'unread', 'rdev']);
const STREAMS = new Set<string>(['gzip', 'zstd']);

/** Classes of facets that need no look at the bytes. Content needs one; presence and order may. */
export const CLASS_OF_FACET: Readonly<Record<FacetName, DifferenceClass>> = {
  presence: 'only-in-one',
  content: 'unknown',
  identity: 'random-id',
  seed: 'filesystem-header',
  time: 'timestamp',
  mode: 'mode-owner',
  owner: 'mode-owner',
  xattr: 'xattr',
  compression: 'compression',
  header: 'filesystem-header',
  holes: 'hole-map',
  order: 'ordering',
  links: 'unknown',
  layout: 'layout',
  rest: 'unknown',
};

/** Takes a difference apart, so that a pair of causes in one node gives two findings. */
export function facetsOf(difference: Difference): readonly Facet[] {
  const { left, right, aspects } = difference;
  if (left === null || right === null) return [{ name: 'presence', difference }];
  const names = new Map<FacetName, string[]>();
  for (const attribute of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const facet = facetOf(attribute, difference);
    names.set(facet, [...(names.get(facet) ?? []), attribute]);
  }
  // An aspect that no attribute tells, as where the caller has none.
  const untold = aspects.filter(
    (aspect) => ![...names.keys()].some((facet) => fits(facet, aspect)),
  );
  for (const aspect of untold) names.set(BY_ASPECT[aspect], []);
  const facets = [...names].map(([name, attributes]) => ({
    name,
    difference: {
      ...difference,
      aspects: aspectsOf(name, aspects),
      left: pick(left, attributes),
      right: pick(right, attributes),
    },
  }));
  return facets.length === 0 ? [{ name: 'content', difference }] : facets;
}

function facetOf(attribute: string, { kind }: Difference): FacetName {
  if (attribute.startsWith('xattr.')) return 'xattr';
  const named = Object.hasOwn(BY_NAME, attribute) ? BY_NAME[attribute] : undefined;
  if (named !== undefined) return named;
  if (STREAMS.has(kind)) return 'compression';
  return CONTENT.has(attribute) ? 'content' : 'header';
}

function fits(facet: FacetName, aspect: Aspect): boolean {
  if (BY_ASPECT[aspect] === facet) return true;
  // Identifiers, times and what a stream was compressed with stand in headers.
  if (aspect === 'header') {
    return ['identity', 'seed', 'time', 'compression', 'links', 'mode', 'layout'].includes(facet);
  }
  return facet === 'compression' && (aspect === 'content' || aspect === 'size');
}

function aspectsOf(facet: FacetName, aspects: readonly Aspect[]): readonly Aspect[] {
  const plain = aspects.filter((aspect) => BY_ASPECT[aspect] === facet);
  if (plain.length > 0) return plain;
  const own = aspects.filter((aspect) => fits(facet, aspect));
  return own.length === 0 ? aspects : own;
}

function pick(attributes: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}
