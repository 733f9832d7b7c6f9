import type { Container } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { readExt4 } from '../ext4/index.js';
import { readFiles } from './files.js';
import type { Context } from './context.js';

/** Reads an ext2, ext3 or ext4 filesystem, and what its files hold. @throws ImageError */
export async function readExt4Container(
  context: Context,
  source: ByteSource,
  depth: number,
): Promise<Container> {
  const { limits, signal, takeBytes, takeHoles } = context.budget;
  const files = readFiles(context, depth);
  const { attributes } = await readExt4(source, {
    onMember: files.take,
    onContent: (sizeBytes, holeBytes) => {
      takeHoles(holeBytes);
      takeBytes(sizeBytes);
    },
    limits: { maxContentBytes: limits.maxBytes, maxMembers: limits.maxNodes },
    ...(signal !== undefined && { signal }),
  });
  return files.nodes.container('ext4', attributes);
}
