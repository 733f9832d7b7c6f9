import { quote } from '#libs/encoding';
import { MAX_NODE_BYTES } from './bounds.js';
import { checkNode } from './check-node.js';
import { ManifestError } from './error.js';
import type { ManifestNode } from './form.js';
import { encodeNode } from './page.js';

/** Writes a node that may come from anywhere. @throws ManifestError BAD_NODE or TOO_LARGE */
export function encodeChecked(node: ManifestNode): string {
  const text = encodeNode(checkNode(node));
  // A UTF-16 unit has at most three bytes: most nodes need no counting.
  const isLarge = text.length * 3 > MAX_NODE_BYTES && Buffer.byteLength(text) > MAX_NODE_BYTES;
  if (!isLarge) return text;
  throw new ManifestError(
    'TOO_LARGE',
    `${quote(node.path)} needs more than ${MAX_NODE_BYTES} bytes of a manifest`,
  );
}
