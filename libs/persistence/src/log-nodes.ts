import type { EntityManager } from 'typeorm';
import { HASH_BYTES, type NodeId, type ReadNode } from '#libs/tlog';
import { PersistenceError } from './error.js';
import { integers } from './packed.js';
import { runPrepared, type Prepared } from './prepared.js';

/**
 * Each by its key, whatever the server believes of the table: a plan that was made while it was small is
 * kept, and would read all of it for every forty nodes. OFFSET keeps the look-up from becoming a join.
 */
const NODES: Prepared = {
  name: 'log-nodes',
  text: `
    SELECT "wanted"."level", "wanted"."index", "node"."hash"
    FROM unnest($1::smallint[], $2::bigint[]) AS "wanted" ("level", "index"),
      LATERAL (SELECT "hash" FROM "log_node"
        WHERE "level" = "wanted"."level" AND "index" = "wanted"."index" OFFSET 0) AS "node"`,
};

/**
 * Fetches the named tree nodes in one query, as a reader for proofs and for growing the tree. Only
 * nodes that the committed log has to have may be asked for.
 *
 * @throws PersistenceError LOG_CORRUPT when one is missing, or is no hash: nothing may be signed over,
 *   or appended to, a tree with a hole
 */
export async function readNodes(manager: EntityManager, ids: readonly NodeId[]): Promise<ReadNode> {
  if (ids.length === 0) return () => undefined;
  const rows = await runPrepared<{
    readonly level: number;
    readonly index: string;
    readonly hash: Buffer;
  }>(manager, NODES, [
    integers(ids.map(({ level }) => level)),
    integers(ids.map(({ index }) => index)),
  ]);
  const hashes = new Map(
    rows.map(({ level, index, hash }) => [`${level}/${index}`, new Uint8Array(hash)]),
  );
  for (const { level, index } of ids) {
    if (hashes.get(`${level}/${index.toString()}`)?.length === HASH_BYTES) continue;
    throw new PersistenceError(
      'LOG_CORRUPT',
      `node ${index.toString()} of level ${level} of the log is not stored, or not whole: restore the database`,
    );
  }
  return ({ level, index }) => hashes.get(`${level}/${index.toString()}`);
}
