import { formatLocation, type Location } from '#libs/manifest';
import { isSame } from '../folding/place.js';
import type { ClassifyContext, KnownDigest } from './context.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';

/** Of ids as well as of old digests. */
const ID_DIGITS = 32;
const MACHINE_ID = /\bmachine[-_ ]?id\W{1,4}$/i;

/** Names of what two digests are, where they are those of a thing that differs as well. */
export function seeDigest(
  left: string,
  right: string,
  before: string,
  context: ClassifyContext,
): Seen {
  const implied = digestedAt(hexOf(left), hexOf(right), context);
  const shown = bothSides(left, right);
  if (implied === null && MACHINE_ID.test(before)) {
    return { class: 'random-id', detail: `drawn by chance: a machine’s id: ${shown}`, facts: [] };
  }
  if (implied === null && left.length === ID_DIGITS) {
    const detail = `32 hex digits, no digest of anything that differs: ${shown}`;
    return { class: 'unknown', detail, facts: [] };
  }
  if (implied === null) {
    const detail = `a digest of something that is not among what differs: ${shown}`;
    return { class: 'embedded-hash', detail, facts: [] };
  }
  const detail = `the digest of ${formatLocation(implied)}, which differs: ${shown}`;
  return { class: 'embedded-hash', detail, facts: [], impliedBy: implied };
}

/** Where the thing is that has the one digest on the left, the other on the right; null for nowhere. */
export function digestedAt(
  left: string,
  right: string,
  { digests, own }: ClassifyContext,
): Location | null {
  if (digests === undefined) return null;
  const found = indexOf(digests).get(`${left} ${right}`) ?? [];
  return found.find((location) => own === undefined || !isSame(location, own)) ?? null;
}

// Every excerpt is looked through at every byte: thousands of digests are not to be each time.
const indices = new WeakMap<readonly KnownDigest[], ReadonlyMap<string, readonly Location[]>>();

function indexOf(digests: readonly KnownDigest[]): ReadonlyMap<string, readonly Location[]> {
  const known = indices.get(digests);
  if (known !== undefined) return known;
  const index = new Map<string, Location[]>();
  for (const { left, right, location } of digests) {
    if (left === null || right === null || left === right) continue;
    const key = `${left} ${right}`;
    index.set(key, [...(index.get(key) ?? []).slice(0, 8), location]);
  }
  indices.set(digests, index);
  return index;
}

function hexOf(text: string): string {
  if (/^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  return Buffer.from(text, 'base64').toString('hex');
}
