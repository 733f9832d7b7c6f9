import type { EntityManager } from 'typeorm';

/**
 * Whether a database is the one in which its log was last written. `new`: nobody has written where it
 * is. `moved`: it was brought back from a backup, copied, refilled, upgraded to another server, or
 * became primary; then more may have been signed than it holds.
 */
export type LogHome = 'new' | 'here' | 'moved';

/** The timeline changes with each recovery to a point in time, and with each standby that takes over. */
const PLACE = `
  SELECT concat_ws('/', "system_identifier", left(pg_walfile_name(pg_current_wal_lsn()), 8),
    (SELECT "oid" FROM pg_database WHERE "datname" = current_database()))
  FROM pg_control_system()`;

/** Only in the transaction that wrote it has a row the id that it names: a copied row is told from it. */
const READ = `
  SELECT "place" = (${PLACE}) AND "written_by" = "xmin"::text AS "isHere" FROM "log_home"`;

const WRITE = `
  INSERT INTO "log_home" ("one", "place", "written_by")
  VALUES (true, %, mod(pg_current_xact_id()::text::numeric, 4294967296)::text)
  ON CONFLICT ("one") DO UPDATE
  SET "place" = excluded."place", "written_by" = excluded."written_by"`;

/** Tells whether this is the database in which the log was last written. */
export async function readLogHome(manager: EntityManager): Promise<LogHome> {
  const [row] = await manager.query<{ isHere: boolean }[]>(READ);
  if (row === undefined) return 'new';
  return row.isHere ? 'here' : 'moved';
}

/**
 * Notes that nothing newer of the log exists than this database holds. Not below a savepoint: the row
 * would be of a transaction within the one that it names.
 */
export async function settleLog(manager: EntityManager): Promise<void> {
  await manager.query(WRITE.replace('%', `(${PLACE})`));
}

/** Notes that more of the log may exist, wherever this database is. */
export async function unsettleLog(manager: EntityManager): Promise<void> {
  await manager.query(WRITE.replace('%', `''`));
}
