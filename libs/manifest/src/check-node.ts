import { isSha256, quote } from '#libs/encoding';
import { MAX_ATTRIBUTES, MAX_MEMBERS, MAX_NAME_LENGTH, MAX_TEXT_LENGTH } from './bounds.js';
import { ManifestError } from './error.js';
import { CONTAINER_FORMS, NODE_KINDS, type ManifestNode } from './form.js';
import { isPrintable } from './printable.js';

const KINDS: ReadonlySet<unknown> = new Set(NODE_KINDS);
const FORMS: ReadonlySet<unknown> = new Set(CONTAINER_FORMS);

/**
 * Takes a value as a node of a manifest, whoever it came from: a reader of images, or a page that a
 * stranger sent. Nothing beside the known members is let through.
 *
 * @throws ManifestError BAD_NODE, naming the path where there is one
 */
export function checkNode(value: unknown): ManifestNode {
  if (!isRecord(value)) throw bad('a node', 'is no object');
  const { path, kind, attributes, inside } = value;
  if (typeof path !== 'string' || path.length > MAX_TEXT_LENGTH || !isPrintable(path)) {
    const found = typeof path === 'string' ? quote(path) : typeof path;
    throw bad(`path ${found}`, `is no printable text of at most ${MAX_TEXT_LENGTH} characters`);
  }
  if (!KINDS.has(kind)) throw bad(quote(path), `has an unknown kind ${quote(String(kind))}`);
  checkAttributes(path, attributes);
  if (inside !== undefined) checkContainer(path, inside);
  checkKeys(path, value, inside === undefined ? 3 : 4);
  return value as unknown as ManifestNode;
}

function checkContainer(path: string, value: unknown): void {
  if (!isRecord(value)) throw bad(quote(path), 'holds something that is no object');
  const { form, attributes, count, members } = value;
  if (!FORMS.has(form)) throw bad(quote(path), `has an unknown form ${quote(String(form))}`);
  checkAttributes(path, attributes);
  if (!isCount(count)) {
    throw bad(quote(path), `has a count that is no whole number up to ${MAX_MEMBERS}`);
  }
  const isPage = typeof members === 'string' && isSha256(members);
  // Nothing and the page of nothing would be two roots for one content.
  if (count === 0 ? members !== null : !isPage) {
    throw bad(quote(path), `holds ${count} members, which its page of members contradicts`);
  }
  checkKeys(path, value, 4);
}

function checkAttributes(path: string, value: unknown): void {
  if (!isRecord(value)) throw bad(quote(path), 'has no attributes');
  const pairs = Object.entries(value);
  if (pairs.length > MAX_ATTRIBUTES) {
    throw bad(quote(path), `has ${pairs.length} attributes; at most ${MAX_ATTRIBUTES} are allowed`);
  }
  for (const [name, attribute] of pairs) {
    if (!isName(name)) {
      throw bad(quote(path), `has an attribute with the name ${quote(name)}`);
    }
    if (!isAttribute(attribute)) {
      throw bad(
        quote(path),
        `has a ${quote(name)} that is no safe integer and no printable text of at most ${MAX_TEXT_LENGTH} characters`,
      );
    }
  }
}

/** Names that have been looked at: some twenty make up nearly all of a filesystem. */
const knownNames = new Set<string>();

function isName(name: string): boolean {
  if (knownNames.has(name)) return true;
  if (name.length > MAX_NAME_LENGTH || !/^[a-z]/.test(name) || !isPrintable(name)) return false;
  if (knownNames.size < 1_000) knownNames.add(name);
  return true;
}

function isAttribute(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && isPrintable(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_MEMBERS;
}

function checkKeys(path: string, value: object, expected: number): void {
  const found = Object.values(value).filter((member) => member !== undefined).length;
  if (found !== expected) throw bad(quote(path), 'has members that nobody knows');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(what: string, why: string): ManifestError {
  return new ManifestError('BAD_NODE', `${what} ${why}`);
}
