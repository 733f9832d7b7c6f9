import 'reflect-metadata';
import { z } from 'zod';
import { grantService, migrate } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { openDatabase } from './archive/open-database.js';
import { Config } from './config.js';
import { failCommand } from './failed-command.js';

const Settings = Config.pick({ DATABASE_URL: true }).extend({
  /** Role as which coordinators sign in, where it does not own the tables: gets what it needs of them. */
  SERVICE_ROLE: z.string().min(1).max(63).optional(),
});

/** Brings the schema of a database up to date and ends: what a coordinator does when it starts. */
try {
  const { DATABASE_URL, SERVICE_ROLE } = readConfig(Settings, process.env);
  const dataSource = await openDatabase(DATABASE_URL);
  try {
    await migrate(dataSource);
    if (SERVICE_ROLE !== undefined) await grantService(dataSource, SERVICE_ROLE);
  } finally {
    await dataSource.destroy();
  }
  process.stderr.write('migrate: the schema is up to date\n');
} catch (error) {
  failCommand('migrate', error);
}
