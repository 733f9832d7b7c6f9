import type { Sha256 } from '#libs/encoding';
import { decodePage, decodeRoot, type ManifestNode } from '#libs/manifest';
import { openManifestFile } from '../index.js';

/** Reads a manifest whole: its artifact, and all nodes by their location joined with ` > `. */
export async function readTree(
  path: string,
): Promise<{ artifact: ManifestNode; nodes: Map<string, ManifestNode> }> {
  const file = await openManifestFile(path);
  const nodes = new Map<string, ManifestNode>();
  const pageOf = async (digest: Sha256): Promise<Uint8Array> => {
    const [page] = await file.pages([digest]);
    if (page == null) throw new Error(`page ${digest} is missing`);
    return page;
  };
  const visit = async (node: ManifestNode, location: readonly string[]): Promise<void> => {
    nodes.set(location.join(' > '), node);
    if (node.inside?.members != null) await members(node.inside.members, location);
  };
  const members = async (digest: Sha256, location: readonly string[]): Promise<void> => {
    const page = decodePage(await pageOf(digest), digest);
    if ('slots' in page) {
      for (const slot of page.slots) if (slot !== null) await members(slot, location);
    } else {
      for (const node of page.entries) await visit(node, [...location, node.path]);
    }
  };
  try {
    const artifact = decodeRoot(await pageOf(file.root), file.root);
    await visit(artifact, ['']);
    return { artifact, nodes };
  } finally {
    await file.close();
  }
}
