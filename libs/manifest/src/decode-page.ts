import { isSha256, type Sha256 } from '#libs/encoding';
import { BUCKET_NODES, INNER_SLOTS } from './bounds.js';
import { checkNode, isRecord } from './check-node.js';
import { ManifestError } from './error.js';
import type { ManifestNode } from './form.js';
import { encodePage, type Page } from './page.js';
import { readPageText } from './read-page-text.js';

/**
 * Reads a page of a container's members that anybody may have sent: 1 to 32 entries by ascending
 * path, or 16 slots of which one is not empty. Only canonical bytes are taken, so what has been read
 * has exactly one digest.
 *
 * @throws ManifestError TOO_LARGE, WRONG_DIGEST, MALFORMED_PAGE, or BAD_NODE
 */
export function decodePage(bytes: Uint8Array, expected: Sha256): Page {
  const { text, value } = readPageText(bytes, expected);
  const page = isRecord(value)
    ? (readEntries(value['entries']) ?? readSlots(value['slots']))
    : null;
  // Writing it anew finds whatever else could be wrong: repeated keys, blanks, other escapes.
  if (page === null || encodePage(page) !== text) {
    throw new ManifestError('MALFORMED_PAGE', `page ${expected} is no page in canonical form`);
  }
  return page;
}

function readEntries(value: unknown): Page | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > BUCKET_NODES) return null;
  const entries = value.map((node: unknown): ManifestNode => checkNode(node));
  const isAscending = entries.every(
    ({ path }, i) => i === 0 || (entries[i - 1]?.path ?? '') < path,
  );
  return isAscending ? { entries } : null;
}

function readSlots(value: unknown): Page | null {
  if (!Array.isArray(value) || value.length !== INNER_SLOTS) return null;
  const slots: (Sha256 | null)[] = [];
  for (const slot of value as unknown[]) {
    if (slot !== null && (typeof slot !== 'string' || !isSha256(slot))) return null;
    slots.push(slot);
  }
  return slots.some((slot) => slot !== null) ? { slots } : null;
}
