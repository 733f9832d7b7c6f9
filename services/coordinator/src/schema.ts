import type { DataSource } from 'typeorm';
import { migrate } from '#libs/persistence';
import { remedied } from './database-refusal.js';

/**
 * Brings the schema up to date. A role that does not own the tables has to find nothing to do.
 *
 * @throws ConfigError where it finds something, or was given no rights
 */
export async function updateSchema(dataSource: DataSource): Promise<void> {
  try {
    await migrate(dataSource);
  } catch (error) {
    throw remedied(error, {
      insufficientPrivilege:
        'the schema is not up to date, or this role has no rights in it; run migrate.main.js as the owner of the tables, with SERVICE_ROLE naming this role',
    });
  }
}
