import { formatLocation, type Location } from '#libs/manifest';
import type { ClassifyContext } from './context.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';

/** Names of what two digests are, where they are those of a thing that differs as well. */
export function seeDigest(left: string, right: string, context: ClassifyContext): Seen {
  const implied = digestedAt(hexOf(left), hexOf(right), context);
  const shown = bothSides(left, right);
  if (implied === null) {
    const detail = `a digest of something that is not among what differs: ${shown}`;
    return { class: 'embedded-hash', detail, facts: [] };
  }
  const detail = `the digest of ${formatLocation(implied)}, which differs: ${shown}`;
  return { class: 'embedded-hash', detail, facts: [], impliedBy: implied };
}

/** Where the thing is that has the one digest on the left, the other on the right; null for nowhere. */
export function digestedAt(left: string, right: string, context: ClassifyContext): Location | null {
  const known = context.digests?.find((each) => each.left === left && each.right === right);
  return known?.location ?? null;
}

function hexOf(text: string): string {
  if (/^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  return Buffer.from(text, 'base64').toString('hex');
}
