import type { Attributes, NodeKind } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { PEEK_BYTES } from '../recognise.js';
import type { ContainerNodes } from './container-nodes.js';
import type { Context } from './context.js';

/** One name in a filesystem, its content hashed already. */
export interface FileMember {
  readonly path: string;
  readonly kind: NodeKind;
  readonly attributes: Attributes;
  open(): ByteSource;
  /** Whether it is known to be no container; then it is not opened. */
  readonly isPlain?: boolean;
}

/** No container is shorter than the header and end of an empty gzip file. */
const MIN_BYTES = 18;

/** Takes the members of a filesystem, and reads those that are containers themselves. */
export function readFiles(
  context: Context,
  depth: number,
): { readonly nodes: ContainerNodes; readonly take: (member: FileMember) => Promise<void> | void } {
  const nodes = context.nodes();
  const take = (member: FileMember): Promise<void> | void => {
    context.budget.checkOn();
    const { path, kind, attributes } = member;
    const size = Number(attributes['size'] ?? 0);
    if (kind === 'file' && size >= MIN_BYTES && member.isPlain !== true) {
      const source = member.open();
      const head = source.read(0, Math.min(size, source.sizeBytes, PEEK_BYTES));
      if (context.formAt(head, depth) !== null) return nest(member, source);
    }
    nodes.add({ path, kind, attributes });
  };
  const nest = async (
    { path, kind, attributes }: FileMember,
    source: ByteSource,
  ): Promise<void> => {
    const content = attributes['content']?.toString();
    const facts = await context.describe(source, depth, content);
    nodes.add({ path, kind, ...facts, attributes: { ...attributes, ...facts.attributes } });
  };
  return { nodes, take };
}
