import type { EntityManager } from 'typeorm';
import { ADVISORY_LOCKS } from '#libs/persistence';

/**
 * Takes the lock under which builders join, until the transaction ends: what is counted stays so. Who
 * needs the log's lock as well takes that one first.
 */
export async function lockRegistry(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.registry]);
}
