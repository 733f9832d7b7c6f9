import type { DataSource } from 'typeorm';
import type { Statement } from './observed-statements.js';

/** Tables that do not grow with rounds or entries, and what bounds them. */
const BOUNDED: Readonly<Record<string, string>> = {
  builder: 'as many as have ever joined: a thousand is many',
  builder_invite: 'as many as have ever been asked to join',
  group: 'as many as there are communities',
  access_token: 'as many as an operator has made',
  news_subscription: 'as many as somebody has asked for with a token',
  news_cursor: 'one row for each channel',
  lease: 'one row for each task that one replica does at a time',
  console_act: 'emptied as soon as a coordinator runs',
  witnessed_log: 'as many as the configuration names',
};

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/**
 * Lists the tables that grow and that a statement would read whole: by the plan for its values, and by the
 * one for any values where it is prepared.
 */
export async function wholeReads(
  dataSource: DataSource,
  { text, values, isPrepared }: Statement,
): Promise<readonly string[]> {
  const explained = async (options: string, given: readonly unknown[]): Promise<string[]> => {
    const [row] = await dataSource.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `EXPLAIN (${options}FORMAT JSON) ${text}`,
      [...given],
    );
    return row === undefined ? [] : scanned(row['QUERY PLAN'][0].Plan);
  };
  const both = [
    ...(await explained('', values)),
    ...(isPrepared ? await explained('GENERIC_PLAN, ', []) : []),
  ];
  return [...new Set(both)];
}

/** Whether a statement has a plan: what begins or ends a transaction, or sets something, has none. */
export function hasPlan({ text }: Statement): boolean {
  return /^\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(text);
}

function scanned({ 'Node Type': type, 'Relation Name': table, Plans = [] }: Plan): string[] {
  const isWhole = type === 'Seq Scan' && table !== undefined && !(table in BOUNDED);
  return [...(isWhole ? [table] : []), ...Plans.flatMap(scanned)];
}
