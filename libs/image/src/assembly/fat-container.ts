import type { Container } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { readFat } from '../fat/read-fat.js';
import type { Context } from './context.js';
import { readFiles } from './files.js';

/** Reads a FAT filesystem, and what its files hold. @throws ImageError */
export async function readFatContainer(
  context: Context,
  source: ByteSource,
  depth: number,
): Promise<Container> {
  const { budget } = context;
  const files = readFiles(context, depth);
  const attributes = await readFat(source, {
    onMember: files.take,
    onContent: budget.takeBytes,
    maxMembers: budget.limits.maxNodes,
    check: budget.checkOn,
  });
  return files.nodes.container('fat', attributes);
}
