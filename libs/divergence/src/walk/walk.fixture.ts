import { sha256, type Sha256 } from '#libs/encoding';
import {
  MembersWriter,
  pagesInMemory,
  writeRoot,
  type Attributes,
  type ManifestNode,
  type PageMap,
  type PageSource,
} from '#libs/manifest';
import { walkManifests, type Walk, type WalkLimits } from '../index.js';

/** An artifact as a test writes it: members by path, a tree where one holds others. */
export interface Plan {
  readonly attributes: Attributes;
  readonly kind?: ManifestNode['kind'];
  readonly members?: Readonly<Record<string, Plan>>;
  readonly header?: Attributes;
  readonly form?: 'ext4' | 'tar' | 'zstd';
}

/** A manifest in memory, and how many of its pages were asked for. */
export interface Written {
  readonly root: Sha256;
  readonly pages: PageSource;
  readonly memory: PageMap;
  readonly asked: () => number;
}

/** Writes a plan as a manifest. What holds members has a digest of them as its content. */
export function manifestOf(plan: Plan): Written {
  const memory = pagesInMemory();
  const root = writeRoot(nodeOf('', plan, memory.sink), memory.sink);
  let asked = 0;
  const source: PageSource = (digests) => {
    asked += digests.length;
    return memory.source(digests);
  };
  return { root, pages: source, memory, asked: () => asked };
}

function nodeOf(
  path: string,
  { attributes, kind, members, header, form }: Plan,
  sink: (digest: Sha256, bytes: Uint8Array) => void,
): ManifestNode {
  if (members === undefined) return { path, kind: kind ?? 'file', attributes };
  const writer = new MembersWriter(sink);
  for (const [name, plan] of Object.entries(members)) writer.add(nodeOf(name, plan, sink));
  const inside = { form: form ?? 'ext4', attributes: header ?? {}, ...writer.finish() };
  const content = sha256(JSON.stringify([inside, attributes]));
  return { path, kind: 'file', attributes: { content, ...attributes }, inside };
}

export const walk = (left: Plan, right: Plan, limits: Partial<WalkLimits> = {}): Promise<Walk> =>
  walkManifests({ left: manifestOf(left), right: manifestOf(right), limits });

/** What was told, in short: `a/b: time`. */
export const told = ({ differences }: Walk): string[] =>
  differences.map(
    ({ location, aspects, kind }) => `${location.slice(1).join('>')} ${kind}: ${aspects.join('+')}`,
  );

export const file = (mtime = 0): Plan => ({ attributes: { mtime, mode: '0644' } });
export const image = (members: Readonly<Record<string, Plan>>, header: Attributes = {}): Plan => ({
  attributes: {},
  members,
  header,
});
export const files = (count: number, prefix = 'usr/f'): Record<string, Plan> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i.toString()}`, file()]));
