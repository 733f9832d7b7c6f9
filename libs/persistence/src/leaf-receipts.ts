import type { EntityManager } from 'typeorm';
import {
  formatLeafProofs,
  hashLeaf,
  leafProofNodes,
  type NodeId,
  type ReadNode,
  type StoredLeaf,
} from '#libs/tlog';
import type { CheckpointEntity } from './entities/checkpoint.entity.js';
import { PersistenceError } from './error.js';
import { readNodes } from './log-nodes.js';
import { integers } from './packed.js';
import { runPrepared, type Prepared } from './prepared.js';
import { soundly } from './signed-tree.js';

/**
 * One row for all: thousands of rows cost more to take apart than their bytes. OFFSET keeps the look-ups
 * by key: as a join, with what the server believes of a table that was small, they read all of it.
 */
const ENTRIES: Prepared = {
  name: 'log-entries',
  text: `
    SELECT string_agg(coalesce(octet_length("entry"), -1)::text, ',' ORDER BY "place") AS "lengths",
      string_agg(coalesce("entry", ''), '' ORDER BY "place") AS "entries"
    FROM unnest($1::bigint[]) WITH ORDINALITY AS "wanted" ("index", "place")
    LEFT JOIN LATERAL (SELECT "entry" FROM "log_entry"
      WHERE "index" = "wanted"."index" OFFSET 0) AS "stored" ON true`,
};

/** Leaves as they are stored, and what is needed of the tree beside them. */
export interface ProvableLeaves {
  /** By rising index, each once. */
  readonly leaves: readonly StoredLeaf[];
  readonly read: ReadNode;
}

/**
 * Reads those of the leaves that a tree of `size` leaves covers, with what proves them, by two queries;
 * `others` are nodes that the caller wants besides.
 *
 * @throws PersistenceError LOG_CORRUPT when a leaf or a node of the tree is missing
 */
export async function readProvable(
  manager: EntityManager,
  indices: readonly number[],
  size: number,
  others: readonly NodeId[] = [],
): Promise<ProvableLeaves> {
  const covered = [...new Set(indices)].filter((index) => index < size).sort((a, b) => a - b);
  const read = await readNodes(manager, [...leafProofNodes(covered, size), ...others]);
  if (covered.length === 0) return { leaves: [], read };
  const [row] = await runPrepared<{ readonly lengths: string; readonly entries: Buffer }>(
    manager,
    ENTRIES,
    [integers(covered)],
  );
  const lengths = row?.lengths.split(',').map(Number) ?? [];
  let at = 0;
  const leaves = covered.map((index, place) => {
    const length = lengths[place] ?? -1;
    if (row === undefined || length < 0) {
      throw new PersistenceError('LOG_CORRUPT', `leaf ${index} was signed, and is not stored`);
    }
    at += length;
    return { index, leafHash: hashLeaf(row.entries.subarray(at - length, at)) };
  });
  return { leaves, read };
}

/**
 * Writes the receipts of leaves against a checkpoint of just the size that they were read for.
 *
 * @throws PersistenceError LOG_CORRUPT when they are not the leaves, or the nodes not those, of its tree
 */
export function receiptsOf(
  provable: ProvableLeaves,
  { size, root, note }: CheckpointEntity,
): ReadonlyMap<number, string> {
  const texts = soundly('the stored tree does not hold the stored leaves', () =>
    formatLeafProofs({ ...provable, size, root, checkpoint: note }),
  );
  return new Map(provable.leaves.map(({ index }, at) => [index, texts[at] ?? '']));
}
