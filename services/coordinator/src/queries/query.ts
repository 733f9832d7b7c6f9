import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '#libs/platform';

/** One statement: its text is the same whatever is asked for, but for which filters there are. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
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
