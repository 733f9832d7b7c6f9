import type { ReactNode } from 'react';
import { addressOf } from '../address-of.js';

/** Leads on through a list, and back to its beginning. */
export function Pager(props: {
  /** What is paged, as in "Pages of rounds". */
  readonly what: string;
  /** Path and query of this page. */
  readonly url: string;
  /** Name of the cursor in the query. */
  readonly cursor: string;
  /** The `next` of the list; null at its end. */
  readonly next: string | null;
}): ReactNode {
  const { pathname, searchParams } = addressOf(props.url);
  const isFirst = !searchParams.has(props.cursor);
  if (isFirst && props.next === null) return null;
  const to = (cursor: string | null): string => {
    const query = new URLSearchParams(searchParams);
    query.delete(props.cursor);
    if (cursor !== null) query.set(props.cursor, cursor);
    const text = query.toString();
    return text === '' ? pathname : `${pathname}?${text}`;
  };
  return (
    <nav className="pager" aria-label={`Pages of ${props.what}`}>
      {!isFirst && <a href={to(null)}>From the beginning</a>}
      {props.next !== null && (
        <a href={to(props.next)} rel="next">
          More {props.what}
        </a>
      )}
    </nav>
  );
}
