import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { attachArchive, databaseOptions, LogFolder, PersistenceError } from '#libs/persistence';
import { ConfigError } from '#libs/platform';

/**
 * Opens a coordinator's database for a command; the caller destroys it.
 *
 * @param archive folder with the envelopes that left the database, if any did
 * @throws ConfigError when nobody answers there, or none that lets it in
 */
export async function openDatabase(url: string, archive?: string): Promise<DataSource> {
  const dataSource = await connect(url);
  if (archive !== undefined) attachArchive(dataSource, new LogFolder(join(archive, 'log')));
  return dataSource;
}

/** What a command that opened a database says of an error: where it lacks the archive, how it is named. */
export function sayOf(error: Error): string {
  const isAway = error instanceof PersistenceError && error.code === 'ARCHIVED';
  return isAway ? `${error.message}: name its folder with --archive` : error.message;
}

async function connect(url: string): Promise<DataSource> {
  try {
    return await new DataSource(databaseOptions(url)).initialize();
  } catch (cause) {
    const message = `the database does not answer: ${reasonOf(cause)}; look at --database or DATABASE_URL`;
    throw new ConfigError(message, { cause });
  }
}

/** A name with several addresses fails once for each, and says nothing itself. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
