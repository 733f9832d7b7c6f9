import type { DataSource } from 'typeorm';

/**
 * Does what somebody does who has the database's own keys, and gives what undoes it.
 *
 * @param set - what an UPDATE sets; empty to delete
 */
export async function meddle(
  dataSource: DataSource,
  {
    table,
    where,
    set = '',
  }: { readonly table: string; readonly where: string; readonly set?: string },
  values: readonly unknown[] = [],
): Promise<() => Promise<void>> {
  const asOwner = async (text: string, parameters: readonly unknown[] = []): Promise<void> => {
    await dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL session_replication_role = 'replica'`);
      await manager.query(text, [...parameters]);
    });
  };
  await asOwner(`CREATE TABLE "kept" AS SELECT * FROM "${table}" WHERE ${where}`);
  const change = set === '' ? `DELETE FROM "${table}"` : `UPDATE "${table}" SET ${set}`;
  await asOwner(`${change} WHERE ${where}`, values);
  return async () => {
    await asOwner(`DELETE FROM "${table}" WHERE ${where}`);
    await asOwner(`INSERT INTO "${table}" SELECT * FROM "kept"`);
    await asOwner(`DROP TABLE "kept"`);
  };
}
