import { Between, type EntityManager } from 'typeorm';
import { encodeEntryBundle, encodeTile, TILE_WIDTH, type NodeId, type TileId } from '#libs/tlog';
import { LogEntryEntity } from './entities/log-entry.entity.js';
import { PersistenceError } from './error.js';
import { readNodes } from './log-nodes.js';
import { lastCheckpoint } from './signed-tree.js';

/** Tree levels that one level of tiles spans. */
const TILE_HEIGHT = 8n;

/**
 * Reads a tile, or a bundle of entries, of the tree that was signed last; null where that tree has
 * no such tile. What is not signed yet is not served: nobody could hold it against anything.
 *
 * @throws PersistenceError LOG_CORRUPT when a node of the tree or a leaf is missing
 * Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries"
 */
export async function readLogTile(manager: EntityManager, id: TileId): Promise<Uint8Array | null> {
  const size = (await lastCheckpoint(manager))?.size ?? 0;
  const height = id.level === 'entries' ? 0n : BigInt(id.level) * TILE_HEIGHT;
  const begin = id.index * BigInt(TILE_WIDTH);
  const end = begin + BigInt(id.width);
  if (end << height > BigInt(size)) return null;
  if (id.level === 'entries') {
    const rows = await manager.find(LogEntryEntity, {
      where: { index: Between(Number(begin), Number(end) - 1) },
      order: { index: 'ASC' },
    });
    if (rows.length !== id.width) {
      throw new PersistenceError(
        'LOG_CORRUPT',
        `${rows.length} of the ${id.width} leaves from ${String(begin)} on are stored: restore the database`,
      );
    }
    return encodeEntryBundle(rows.map(({ entry }) => new Uint8Array(entry)));
  }
  const level = Number(height);
  const ids = Array.from({ length: id.width }, (_, at): NodeId => ({
    level,
    index: begin + BigInt(at),
  }));
  const read = await readNodes(manager, ids);
  return encodeTile(ids.map((node) => read(node) ?? new Uint8Array()));
}
