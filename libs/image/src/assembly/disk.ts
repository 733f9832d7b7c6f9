import type { Container } from '#libs/manifest';
import { type ByteSource, PartByteSource } from '../byte-source.js';
import { diskAttributes, partitionAttributes } from '../gpt/disk-attributes.js';
import { readPartitionTable } from '../gpt/partition-table.js';
import type { Context } from './context.js';

/** Reads a partitioned disk, and what its partitions hold. @throws ImageError */
export async function readDisk(
  context: Context,
  source: ByteSource,
  depth: number,
): Promise<Container> {
  const table = readPartitionTable(source);
  const nodes = context.nodes();
  for (const partition of table.partitions) {
    const part = new PartByteSource(source, partition.start, partition.lengthBytes);
    const facts = await context.describe(part, depth);
    nodes.add({
      path: partitionPath(partition.number),
      kind: 'partition',
      ...facts,
      attributes: { ...partitionAttributes(partition), ...facts.attributes },
    });
  }
  return nodes.container('gpt', diskAttributes(source, table));
}

/** A partition's path in a manifest. */
export function partitionPath(number: number): string {
  return `partition-${number}`;
}
