import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { scramVerifier } from './scram-verifier.js';

const STATEMENT = `
  SELECT format(
    CASE WHEN EXISTS (SELECT 1 FROM pg_roles WHERE "rolname" = $1::text)
      THEN 'ALTER ROLE %I LOGIN PASSWORD %L' ELSE 'CREATE ROLE %I LOGIN PASSWORD %L' END,
    $1::text, $2::text) AS "statement"`;

/**
 * Lets a role sign in by a password, and by no earlier one; makes the role where it is missing. Is called
 * by a role that may make others, which an owner of tables need not.
 *
 * @param password ASCII that is printed
 */
export async function setServiceLogin(
  dataSource: DataSource,
  role: string,
  password: string,
): Promise<void> {
  // A server may write statements into its log: what it is sent is no password.
  const verifier = scramVerifier(password, randomBytes(16));
  const rows = await dataSource.query<{ statement: string }[]>(STATEMENT, [role, verifier]);
  for (const { statement } of rows) await dataSource.query(statement);
}
