import { CommandError, EXIT } from '../exit.js';

/** A page of a list, and what the next one begins after; null at the end. */
interface Page {
  readonly next: string | null;
}

/**
 * Reads a list to its end, page by page; its lines come in the order of what `after` takes.
 *
 * @param path - of its first page, but for `after`, as {@link listPath} gives it
 * @throws CommandError where the pages lead back to where one was already
 */
export async function allPages<Found extends Page, Line>(
  path: string,
  read: (path: string) => Promise<Found>,
  linesOf: (page: Found) => readonly Line[],
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (let after = ''; ;) {
    const page = await read(`${path}&after=${encodeURIComponent(after)}`);
    lines.push(...linesOf(page));
    if (page.next === null) return lines;
    // A coordinator may answer what it likes: whoever asks it comes to an end.
    if (page.next <= after) {
      throw new CommandError(EXIT.undecided, `the pages of ${path} lead back to ${after}`);
    }
    after = page.next;
  }
}

/** Path of a list, of as many lines a page as there may be. */
export function listPath(route: string, status?: string): string {
  return `${route}?limit=100${status === undefined ? '' : `&status=${status}`}`;
}
