import 'reflect-metadata';
import { z } from 'zod';
import {
  copyLog,
  DatabaseSource,
  HttpSource,
  LogFolder,
  PersistenceError,
  type CopiedLog,
} from '#libs/persistence';
import { ConfigError, readConfig } from '#libs/platform';
import { openDatabase, sayOf } from './archive/open-database.js';
import { failCommand } from './failed-command.js';

/** Which log is to be copied, and to where. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres').optional(),
  /** A coordinator; its database otherwise. */
  EXPORT_URL: z.string().min(1).optional(),
  EXPORT_DIR: z.string().min(1),
  /** Where envelopes are that left the database. */
  ARCHIVE_DIR: z.string().min(1).optional(),
  EXPORT_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const copied = await run(config);
  const { size, tiles, envelopes } = copied;
  const text = `${size} leaves: ${tiles} tiles and ${envelopes} envelopes are new in ${config.EXPORT_DIR}`;
  process.stdout.write(config.EXPORT_JSON === 'true' ? `${JSON.stringify(copied)}\n` : `${text}\n`);
} catch (error) {
  failCommand('export', error, { usage: [PersistenceError], say: sayOf });
}

async function run(config: z.infer<typeof Config>): Promise<CopiedLog> {
  const folder = new LogFolder(config.EXPORT_DIR);
  if (config.EXPORT_URL !== undefined) {
    return copyLog(new HttpSource(config.EXPORT_URL), folder, tell);
  }
  if (config.DATABASE_URL === undefined) {
    throw new ConfigError('name a coordinator with --url, or its database with --database');
  }
  const dataSource = await openDatabase(config.DATABASE_URL, config.ARCHIVE_DIR);
  try {
    return await dataSource.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      return copyLog(new DatabaseSource(manager), folder, tell);
    });
  } finally {
    await dataSource.destroy();
  }
}

function tell(leaves: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${leaves} leaves`);
}
