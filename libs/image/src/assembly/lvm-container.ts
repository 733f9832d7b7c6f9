import type { Container } from '#libs/manifest';
import { type ByteSource, PartByteSource } from '../byte-source.js';
import { readPhysicalVolume } from '../lvm/physical-volume.js';
import type { Context } from './context.js';

/** Reads a physical volume: its header, and its data areas as they are. @throws ImageError */
export async function readLvmContainer(
  context: Context,
  source: ByteSource,
  depth: number,
): Promise<Container> {
  const { attributes, data } = readPhysicalVolume(source);
  const nodes = context.nodes();
  for (const [index, { start, lengthBytes }] of data.entries()) {
    const facts = await context.describe(new PartByteSource(source, start, lengthBytes), depth);
    nodes.add({
      path: dataPath(index),
      kind: 'partition',
      ...facts,
      attributes: { first: start, size: lengthBytes, ...facts.attributes },
    });
  }
  return nodes.container('lvm', attributes);
}

/** A data area's path in a manifest. */
export function dataPath(index: number): string {
  return `data-${index}`;
}
