import { hash } from 'node:crypto';
import { fromHex } from '#libs/encoding';
import { TlogError } from './error.js';

/** Bytes of every hash in the tree (SHA-256). */
export const HASH_BYTES = 32;

/**
 * Root of the tree without leaves: SHA-256 of nothing. Not to be written to.
 *
 * Source: RFC 6962 section 2.1
 */
export const EMPTY_ROOT: Uint8Array = fromHex(
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
);

// The prefixes keep a leaf from posing as an inner node: without them, two hashes side by side
// could be logged as an entry and later be "proven" to be a subtree.
const LEAF = 0;
const NODE = 1;

/** Where two children stand side by side while they are hashed: trees have very many of them. */
const children = new Uint8Array(1 + 2 * HASH_BYTES);
children[0] = NODE;

/** Where an entry stands behind its prefix while it is hashed: ours have some four hundred bytes. */
const shortLeaf = new Uint8Array(1024);

/** SHA-256 into memory of its own. As text it comes out of node:crypto in a third of the time. */
function digest(input: Uint8Array): Uint8Array {
  const text = hash('sha256', input, 'binary');
  const bytes = new Uint8Array(HASH_BYTES);
  for (let at = 0; at < HASH_BYTES; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * Hashes a log entry into its leaf: SHA-256(0x00 || entry), 32 bytes.
 *
 * Source: RFC 6962 section 2.1
 */
export function hashLeaf(entry: Uint8Array): Uint8Array {
  const length = 1 + entry.length;
  const input = length > shortLeaf.length ? new Uint8Array(length) : shortLeaf.subarray(0, length);
  input[0] = LEAF;
  input.set(entry, 1);
  return digest(input);
}

/**
 * Hashes two subtrees, left one first, into their parent: SHA-256(0x01 || left || right), 32 bytes.
 *
 * @throws TlogError MALFORMED_HASH unless both have 32 bytes
 * Source: RFC 6962 section 2.1
 */
export function hashChildren(left: Uint8Array, right: Uint8Array): Uint8Array {
  children.set(asHash(left), 1);
  children.set(asHash(right), 1 + HASH_BYTES);
  return digest(children);
}

/**
 * Computes the root over all leaf hashes at once, by the recursive definition. The reference that
 * everything else here is tested against; fit for exports that a reader holds whole.
 *
 * @throws TlogError MALFORMED_HASH unless every leaf hash has 32 bytes
 * Source: RFC 6962 section 2.1
 */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  const [first] = leafHashes;
  if (first === undefined) return EMPTY_ROOT;
  if (leafHashes.length === 1) return asHash(first);
  let split = 1;
  while (split * 2 < leafHashes.length) split *= 2;
  return hashChildren(rootOf(leafHashes.slice(0, split)), rootOf(leafHashes.slice(split)));
}

/**
 * Takes bytes as a hash of the tree.
 *
 * @throws TlogError MALFORMED_HASH unless there are 32
 */
export function asHash(bytes: Uint8Array): Uint8Array {
  // A shorter or longer hash would shift the border between two children, so that different trees
  // could have one root.
  if (bytes.length === HASH_BYTES) return bytes;
  throw new TlogError('MALFORMED_HASH', `a hash has ${bytes.length} bytes, expected ${HASH_BYTES}`);
}

/** Tells whether two public byte strings are equal. Takes time that depends on them. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
