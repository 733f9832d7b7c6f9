import { sha256, type Sha256 } from '#libs/encoding';
import { MAX_PAGE_BYTES } from './bounds.js';
import type { Attributes, Container, ManifestNode } from './form.js';

/** A page of a container's members: some of them, or where to find them by the next digit. */
export type Page =
  { readonly entries: readonly ManifestNode[] } | { readonly slots: readonly (Sha256 | null)[] };

const DOMAIN = 'repro-quorum/manifest-page/v1\n';

/** Digest by which a page is asked for: SHA-256 over a line of its own and the page's bytes. */
export function pageDigest(bytes: Uint8Array | string): Sha256 {
  return typeof bytes === 'string'
    ? sealPage(bytes).digest
    : sha256(Buffer.concat([Buffer.from(DOMAIN), bytes]));
}

/** A page's text as its bytes, with their digest. */
export function sealPage(text: string): { readonly digest: Sha256; readonly bytes: Uint8Array } {
  // Both are of one piece of memory: encoding and hashing are most of what a manifest costs.
  const sealed = Buffer.from(DOMAIN + text);
  return { digest: sha256(sealed), bytes: sealed.subarray(DOMAIN.length) };
}

/** A bucket is put together here, and is hashed at once. */
let bucket: Buffer | null = null;

/**
 * Seals a bucket of so many nodes whose texts are bytes already: a filesystem has tens of megabytes of
 * them. `copy` puts the text of the n-th into a buffer, and tells how long it is, {@link MAX_NODE_BYTES}
 * at most. The page's bytes stay until the next bucket is sealed.
 */
export function sealEntries(
  count: number,
  copy: (nth: number, target: Buffer, at: number) => number,
): ReturnType<typeof sealPage> {
  bucket ??= Buffer.allocUnsafeSlow(DOMAIN.length + MAX_PAGE_BYTES);
  let end = bucket.write(`${DOMAIN}{"entries":[`, 'latin1');
  for (let nth = 0; nth < count; nth += 1) {
    if (nth > 0) end += bucket.write(',', end, 'latin1');
    end += copy(nth, bucket, end);
  }
  end += bucket.write(']}', end, 'latin1');
  const sealed = bucket.subarray(0, end);
  return { digest: sha256(sealed), bytes: sealed.subarray(DOMAIN.length) };
}

/** Writes a page as canonical JSON. Entries have to be sorted and valid; see {@link encodeNode}. */
export function encodePage(page: Page): string {
  return 'slots' in page
    ? encodeSlots(page.slots)
    : encodeEntries(page.entries.map((node) => encodeNode(node)));
}

/** A bucket of nodes that are encoded already. */
export function encodeEntries(nodes: readonly string[]): string {
  return `{"entries":[${nodes.join(',')}]}`;
}

/** An inner page. */
export function encodeSlots(slots: readonly (Sha256 | null)[]): string {
  return `{"slots":[${slots.map((slot) => (slot === null ? 'null' : `"${slot}"`)).join(',')}]}`;
}

/**
 * Writes a node as canonical JSON (RFC 8785), some times faster than a general writer: the keys of
 * nodes and containers are put in their order here, and only those of attributes are sorted.
 */
export function encodeNode({ attributes, inside, kind, path }: ManifestNode): string {
  const within = inside === undefined ? '' : `,"inside":${encodeContainer(inside)}`;
  return `{"attributes":${encodeAttributes(attributes)}${within},"kind":"${kind}","path":${quoted(path)}}`;
}

function encodeContainer({ attributes, count, form, members }: Container): string {
  const page = members === null ? 'null' : `"${members}"`;
  return `{"attributes":${encodeAttributes(attributes)},"count":${count},"form":"${form}","members":${page}}`;
}

function encodeAttributes(attributes: Attributes): string {
  let text = '';
  for (const name of sortedNames(attributes)) {
    const value = attributes[name] ?? '';
    text += `${text === '' ? '{' : ','}${quoted(name)}:`;
    text += typeof value === 'number' ? value.toString() : quoted(value);
  }
  return text === '' ? '{}' : `${text}}`;
}

/** What stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Members of a filesystem have nearly all the same names, in the same order: they are sorted once. */
let last: { readonly names: readonly string[]; readonly sorted: readonly string[] } = {
  ...{ names: [], sorted: [] },
};

function sortedNames(attributes: Attributes): readonly string[] {
  const names = Object.keys(attributes);
  const isLast =
    names.length === last.names.length && names.every((name, nth) => name === last.names[nth]);
  if (!isLast) last = { names, sorted: names.toSorted() };
  return last.sorted;
}
