import { QueryFailedError, type EntityManager } from 'typeorm';

/** A statement that each connection has parsed and planned once. */
export interface Prepared {
  /** Of this text alone. */
  readonly name: string;
  readonly text: string;
}

interface Connection {
  query(query: Prepared & { readonly values: readonly unknown[] }): Promise<{ rows: unknown[] }>;
}

/**
 * Runs a prepared statement, in the manager's transaction where it has one. Gives the rows as the
 * driver reads them: a bigint comes as decimal text, bytes as a Buffer.
 *
 * @throws QueryFailedError without the values, which may be megabytes
 */
export async function runPrepared<Row>(
  { queryRunner, dataSource }: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const runner = queryRunner ?? dataSource.createQueryRunner();
  try {
    const connection: unknown = await runner.connect();
    if (!isConnection(connection)) throw new TypeError('this database takes no prepared statement');
    const { rows } = await connection.query({ name, text, values });
    return rows as Row[];
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof TypeError) throw cause;
    throw new QueryFailedError(text, [], cause);
  } finally {
    if (runner !== queryRunner) await runner.release();
  }
}

function isConnection(value: unknown): value is Connection {
  return (
    typeof value === 'object' &&
    value !== null &&
    'query' in value &&
    typeof value.query === 'function'
  );
}
