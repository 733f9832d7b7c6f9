import { NodeType, reconstruct, type HashTree } from '@dfinity/agent';

/** A tree as nested lists: a label with a leaf's bytes, or with further labels below it. */
export type TreeEntry = readonly [
  label: Uint8Array | string,
  node: Uint8Array | readonly TreeEntry[],
];

/**
 * Builds a balanced hash tree with its labels in bytewise order.
 *
 * Source: Internet Computer interface specification, "Certificate"
 */
export function buildTree(entries: readonly TreeEntry[]): HashTree {
  const labelled = entries
    .map(([label, node]) => ({
      label: typeof label === 'string' ? Buffer.from(label) : label,
      node: node instanceof Uint8Array ? toLeaf(node) : buildTree(node),
    }))
    .sort((a, b) => Buffer.compare(a.label, b.label))
    .map(({ label, node }) => [NodeType.Labeled, Uint8Array.from(label), node] as HashTree);
  return join(labelled);
}

/** Replaces a tree by its hash, as a replica does with what was not asked for. */
export async function prune(tree: HashTree): Promise<HashTree> {
  return [NodeType.Pruned, await reconstruct(tree)] as HashTree;
}

/** Joins trees in the order given. */
export function join(trees: readonly HashTree[]): HashTree {
  const [first, ...others] = trees;
  if (first === undefined) return [NodeType.Empty];
  if (others.length === 0) return first;
  const middle = trees.length >> 1;
  return [NodeType.Fork, join(trees.slice(0, middle)), join(trees.slice(middle))];
}

function toLeaf(value: Uint8Array): HashTree {
  return [NodeType.Leaf, value] as HashTree;
}
