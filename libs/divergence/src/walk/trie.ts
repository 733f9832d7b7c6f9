import type { Sha256 } from '#libs/encoding';
import {
  INNER_SLOTS,
  ManifestError,
  decodePage,
  trieKey,
  type ManifestNode,
  type Page,
} from '#libs/manifest';

/** A part of a container's members on one side: a page not yet read, nodes, or nothing. */
export type Part = Sha256 | readonly ManifestNode[] | null;

const DIGITS = Array.from({ length: INNER_SLOTS }, (_, i) => i.toString(16));

/**
 * Reads a page of a place in the trie.
 *
 * @throws ManifestError as decodePage does, and MALFORMED_PAGE for nodes that do not belong there: told
 * at two places, one file could seem to be missing from either side
 */
export function readPage(bytes: Uint8Array, digest: Sha256, prefix: string): Page {
  const page = decodePage(bytes, digest);
  const isOfPlace =
    'entries' in page
      ? page.entries.every(({ path }) => trieKey(path).startsWith(prefix))
      : prefix.length < trieKey('').length;
  if (isOfPlace) return page;
  throw new ManifestError('MALFORMED_PAGE', `page ${digest} does not belong at ${prefix}`);
}

/** Parts of two sides that are to be compared, with the digits they have in common. */
export interface Branch {
  readonly prefix: string;
  readonly left: Part;
  readonly right: Part;
}

/** The 16 branches below two pages, of which at least one is inner; those that are alike left out. */
export function branches(prefix: string, left: Page, right: Page): Branch[] {
  return DIGITS.flatMap((digit, i): Branch[] => {
    const below = prefix + digit;
    const branch = {
      prefix: below,
      left: child(left, i, below),
      right: child(right, i, below),
    };
    return branch.left === branch.right ? [] : [branch];
  });
}

function child(page: Page, slot: number, prefix: string): Part {
  if ('slots' in page) return page.slots[slot] ?? null;
  const nodes = page.entries.filter(({ path }) => trieKey(path).startsWith(prefix));
  return nodes.length === 0 ? null : nodes;
}
