import type { EntityManager } from 'typeorm';
import {
  buildConsistencyProof,
  buildInclusionProof,
  consistencyNodes,
  inclusionNodes,
} from '#libs/tlog';
import { readNodes } from './log-nodes.js';

/**
 * Proves from stored nodes that leaf `index` is in the tree of `size` leaves, all of them committed.
 *
 * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size
 */
export async function readInclusionProof(
  manager: EntityManager,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const [at, of] = [BigInt(index), BigInt(size)];
  return buildInclusionProof(at, of, await readNodes(manager, inclusionNodes(at, of)));
}

/**
 * Proves from stored nodes that the tree grew from `oldSize` to `size` leaves, all of them committed.
 * Nothing is to be proven from size 0, and the proof is empty.
 *
 * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing
 * @throws TlogError OUT_OF_RANGE unless 0 <= oldSize <= size
 */
export async function readConsistencyProof(
  manager: EntityManager,
  oldSize: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  if (oldSize === 0) return [];
  const [from, to] = [BigInt(oldSize), BigInt(size)];
  return buildConsistencyProof(from, to, await readNodes(manager, consistencyNodes(from, to)));
}
