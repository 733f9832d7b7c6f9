import 'reflect-metadata';
import { migrate } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { openDatabase } from './archive/open-database.js';
import { Config } from './config.js';
import { failCommand } from './failed-command.js';

/** Brings the schema of a database up to date and ends: what a coordinator does when it starts. */
try {
  const { DATABASE_URL } = readConfig(Config.pick({ DATABASE_URL: true }), process.env);
  const dataSource = await openDatabase(DATABASE_URL);
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
  process.stderr.write('migrate: the schema is up to date\n');
} catch (error) {
  failCommand('migrate', error);
}
