import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { databaseOptions, migrate } from '#libs/persistence';
import { ConfigError, readConfig } from '#libs/platform';
import { Config } from './config.js';

/** Brings the schema of a database up to date and ends: what a coordinator does when it starts. */
try {
  const { DATABASE_URL } = readConfig(Config.pick({ DATABASE_URL: true }), process.env);
  const dataSource = await new DataSource(databaseOptions(DATABASE_URL)).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
  process.stderr.write('migrate: the schema is up to date\n');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`migrate: ${error.message}\n`);
  process.exitCode = 2;
}
