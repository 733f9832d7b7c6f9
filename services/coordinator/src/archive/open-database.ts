import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { attachArchive, databaseOptions, LogFolder, PersistenceError } from '#libs/persistence';

/**
 * Opens a coordinator's database for a command; the caller destroys it.
 *
 * @param archive folder with the envelopes that left the database, if any did
 */
export async function openDatabase(url: string, archive?: string): Promise<DataSource> {
  const dataSource = await new DataSource(databaseOptions(url)).initialize();
  if (archive !== undefined) attachArchive(dataSource, new LogFolder(join(archive, 'log')));
  return dataSource;
}

/** What a command that opened a database says of an error: where it lacks the archive, how it is named. */
export function sayOf(error: Error): string {
  const isAway = error instanceof PersistenceError && error.code === 'ARCHIVED';
  return isAway ? `${error.message}: name its folder with --archive` : error.message;
}
