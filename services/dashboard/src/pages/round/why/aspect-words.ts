import type { FindingReport } from '#libs/contracts';

type AspectName = FindingReport['difference']['aspects'][number];

const WORDS: Readonly<Record<AspectName, string>> = {
  presence: 'on one side only',
  kind: 'another kind of thing',
  content: 'content',
  size: 'size',
  mode: 'permissions',
  owner: 'owner',
  time: 'times',
  target: 'target of the link',
  device: 'device',
  xattr: 'extended attributes',
  holes: 'holes',
  order: 'order',
  header: 'header',
  layout: 'layout',
  rest: 'bytes that belong to no member',
};

/** Says in words what of a thing differs. */
export function aspectWords(aspects: readonly AspectName[]): string {
  return aspects.map((aspect) => WORDS[aspect]).join(', ');
}
