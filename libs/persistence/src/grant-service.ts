import type { DataSource } from 'typeorm';

/** Tables that a trigger holds, and whether each is one: the rest may be changed by the service. */
const TABLES = `
  SELECT quote_ident("relname") AS "table", "relname" = 'migrations' OR EXISTS (
      SELECT 1 FROM pg_trigger WHERE "tgrelid" = "pg_class"."oid"
        AND "tgfoid" = 'public.refuse_change'::regproc) AS "isKept"
  FROM pg_class WHERE "relnamespace" = 'public'::regnamespace AND "relkind" = 'r'`;

/**
 * Lets a role that owns nothing do what a coordinator does: read all, add to evidence, and change what
 * moves on. What holds evidence it can then neither switch off nor replace, since that takes the owner.
 * Is called by the tables' owner; again after each migration.
 */
export async function grantService(dataSource: DataSource, role: string): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const name = dataSource.driver.escape(role);
    await manager.query(`GRANT USAGE ON SCHEMA "public" TO ${name}`);
    await manager.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA "public" TO ${name}`);
    for (const { table, isKept } of await manager.query<{ table: string; isKept: boolean }[]>(
      TABLES,
    )) {
      const rights = isKept ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE';
      await manager.query(`REVOKE ALL ON ${table} FROM ${name}`);
      await manager.query(`GRANT ${rights} ON ${table} TO ${name}`);
    }
  });
}
