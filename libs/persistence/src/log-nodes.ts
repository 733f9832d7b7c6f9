import type { EntityManager } from 'typeorm';
import type { NodeId, ReadNode } from '#libs/tlog';
import { LogNodeEntity } from './entities/log-node.entity.js';

/** Fetches the named tree nodes in one query, as a reader for proofs. */
export async function readNodes(manager: EntityManager, ids: readonly NodeId[]): Promise<ReadNode> {
  if (ids.length === 0) return () => undefined;
  const rows = await manager
    .createQueryBuilder(LogNodeEntity, 'node')
    .innerJoin(
      '(SELECT unnest(:levels::smallint[]) AS "level", unnest(:indices::bigint[]) AS "index")',
      'wanted',
      'wanted."level" = node."level" AND wanted."index" = node."index"',
    )
    .setParameters({
      levels: ids.map(({ level }) => level),
      indices: ids.map(({ index }) => index.toString()),
    })
    .getMany();
  const hashes = new Map(
    rows.map(({ level, index, hash }) => [`${level}/${index}`, new Uint8Array(hash)]),
  );
  return ({ level, index }) => hashes.get(`${level}/${index.toString()}`);
}
