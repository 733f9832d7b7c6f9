import { HttpStatus } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { runPrepared } from '#libs/persistence';
import { ProblemError } from '#libs/platform';

/** One statement: its text is the same whatever is asked for, but for which filters there are. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * Under which each connection keeps it parsed and planned: of this text alone. Without one it is
   * planned for its values each time. That is for filters of which some values are rare and others are
   * not, and for combinations of filters: there are thousands, and a server keeps each for ever.
   */
  readonly name?: string;
}

/** Runs a statement, and gives its rows as the driver reads them. */
export async function runQuery<Row>(
  manager: EntityManager,
  { name, text, values }: Query,
): Promise<readonly Row[]> {
  if (name !== undefined) return runPrepared<Row>(manager, { name, text }, values);
  return manager.query<Row[]>(text, [...values]);
}

/** A statement for a page, and one that finds out whether there is what the page begins below. */
export interface PageQuery {
  readonly page: Query;
  /** Null for a first page. */
  readonly cursor: { readonly text: string; readonly exists: Query } | null;
}

/**
 * Runs a statement for a page. Below what is not there no row is, and only where none is found it is
 * looked at why: a page costs one statement.
 *
 * @throws ProblemError bad-cursor
 */
export async function runPage<Row>(
  manager: EntityManager,
  { page, cursor }: PageQuery,
): Promise<readonly Row[]> {
  const rows = await runQuery<Row>(manager, page);
  if (rows.length > 0 || cursor === null) return rows;
  const found = await runQuery(manager, cursor.exists);
  if (found.length === 0) throw badCursor(cursor.text);
  return rows;
}

/** Values of a statement that is being written, each under the name that its place has. */
export class Values {
  readonly all: unknown[] = [];

  /** Gives what stands for a value in the text, such as `$1`. */
  of(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

/** What every list is asked for, beside its filters. */
const PLACES = new Set(['limit', 'before']);

/**
 * Names the statement of a list that is asked for with one filter at most, and none but those `among`
 * which a plan for any value is good for each.
 */
export function named(
  list: string,
  asked: Readonly<Record<string, unknown>>,
  { among, isBelow }: { readonly among: ReadonlySet<string>; readonly isBelow: boolean },
): Pick<Query, 'name'> {
  const filters = Object.keys(asked).filter((name) => {
    return !PLACES.has(name) && asked[name] !== undefined;
  });
  if (filters.length > 1 || filters.some((filter) => !among.has(filter))) return {};
  return { name: [list, ...filters, ...(isBelow ? ['below'] : [])].join('-') };
}

/** Joins conditions; `prefix` stands before the first one, and alone is left out. */
export function conditions(prefix: 'WHERE' | 'AND', all: readonly string[]): string {
  return all.length === 0 ? '' : `${prefix} ${all.join(' AND ')}`;
}

/** A page that was asked for by a `next` that no page ended with. */
export function badCursor(cursor: string): ProblemError {
  return new ProblemError(
    HttpStatus.BAD_REQUEST,
    'bad-cursor',
    `${JSON.stringify(cursor)} ends no page of this list: take the \`next\` of one, or leave it out`,
  );
}

/** Cuts a page off rows of which one more than asked for was read. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { readonly rows: readonly T[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
