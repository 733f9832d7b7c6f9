import type { Attributes } from '#libs/manifest';
import { ASPECTS, type Aspect } from '../difference.js';

/** What an attribute's name tells of; every other one is of some `header`. */
const ASPECT_OF: Readonly<Record<string, Aspect>> = {
  kind: 'kind',
  content: 'content',
  inside: 'content',
  unread: 'content',
  stream: 'content',
  size: 'size',
  mode: 'mode',
  uid: 'owner',
  gid: 'owner',
  user: 'owner',
  group: 'owner',
  mtime: 'time',
  atime: 'time',
  ctime: 'time',
  crtime: 'time',
  target: 'target',
  rdev: 'device',
  holes: 'holes',
  'hole-unit': 'holes',
  order: 'order',
  layout: 'layout',
  first: 'layout',
  last: 'layout',
  rest: 'rest',
  trailing: 'rest',
};

/** Tells what of a node an attribute speaks of. */
export function aspectOf(name: string): Aspect {
  if (name.startsWith('xattr.')) return 'xattr';
  return (Object.hasOwn(ASPECT_OF, name) ? ASPECT_OF[name] : undefined) ?? 'header';
}

/** The aspects in which two sets of differing attributes differ, in the order of {@link ASPECTS}. */
export function aspectsOf(left: Attributes, right: Attributes): Aspect[] {
  const found = new Set([...Object.keys(left), ...Object.keys(right)].map(aspectOf));
  return ASPECTS.filter((aspect) => found.has(aspect));
}
