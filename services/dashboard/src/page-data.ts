import type { Problem } from '#libs/contracts';
import type { Bodies } from './bodies.js';
import type { Route } from './route.js';

/** One answer of the public API, as it was given. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON, or a text where the API gives one; a problem where `status` is 400 or more. */
  readonly body: unknown;
}

/** Everything that a page is drawn from; it travels with the page, so that scripts draw the same. */
export interface PageData {
  /** Path and query of the page. */
  readonly url: string;
  /** Address of the coordinator without a path, for permalinks. */
  readonly origin: string;
  /** ISO 8601, whole minutes: the moment for which the page was drawn. */
  readonly now: string;
  readonly answers: Readonly<Record<string, ApiAnswer>>;
}

/** Finds what keeps a page from being drawn: the first answer that it needs and did not get. */
export function problemOf({ needs }: Route, { answers }: PageData): ApiAnswer | null {
  for (const [name, { isOptional }] of Object.entries(needs)) {
    const answer = answers[name];
    if (answer === undefined) return { status: 500, body: null };
    if (answer.status >= 400 && !(isOptional === true && answer.status === 404)) return answer;
  }
  const all = Object.keys(needs).flatMap((name) => answers[name] ?? []);
  // Each of them may be missing, but something has to be there.
  return all.length > 0 && all.every(({ status }) => status === 404) ? (all[0] ?? null) : null;
}

/** Gives what an answer says; null where the thing is not there. The API has checked its form. */
export function bodyOf<Name extends keyof Bodies>(
  { answers }: PageData,
  name: Name,
): Bodies[Name] | null {
  const answer = answers[name];
  return answer === undefined || answer.status >= 400 ? null : (answer.body as Bodies[Name]);
}

/** Gives why a request was refused, in the API's words. */
export function detailOf({ body }: ApiAnswer): string {
  const { detail } = (body ?? {}) as Partial<Problem>;
  return typeof detail === 'string' ? detail : '';
}
