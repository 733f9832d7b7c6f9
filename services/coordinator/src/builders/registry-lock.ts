import type { EntityManager } from 'typeorm';

const REGISTRY_LOCK = 7_207_010;

/**
 * Takes the lock under which builders join, until the transaction ends: what is counted stays so. Who
 * needs the log's lock as well takes that one first.
 */
export async function lockRegistry(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [REGISTRY_LOCK]);
}
