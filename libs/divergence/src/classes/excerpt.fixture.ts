import type { Difference, Excerpt, Mask } from '../difference.js';

/** A file whose content differs. */
export function fileAt(path: string, extra: Partial<Difference> = {}): Difference {
  return {
    location: ['', '', 'root.img', path],
    kind: 'file',
    aspects: ['content'],
    left: { content: 'a'.repeat(64) },
    right: { content: 'b'.repeat(64) },
    ...extra,
  };
}

/** Two whole texts. What is between `«fact:` and `»` was masked by its builder. */
export function wholeTexts(left: string, right: string): Excerpt {
  const [a, b] = [masked(left), masked(right)];
  return {
    ...{ offset: 0, isWhole: true },
    ...{ left: a.bytes, leftMasks: a.masks, right: b.bytes, rightMasks: b.masks },
  };
}

/** Parts of two larger contents. */
export function windows(offset: number, left: Uint8Array, right: Uint8Array): Excerpt {
  return { offset, left, right };
}

function masked(text: string): { readonly bytes: Uint8Array; readonly masks: readonly Mask[] } {
  const parts: Buffer[] = [];
  const masks: Mask[] = [];
  let at = 0;
  for (const [index, part] of text.split(/«([^»]*)»/).entries()) {
    const [fact = '', value = ''] = index % 2 === 1 ? part.split(':') : [];
    const bytes = index % 2 === 1 ? Buffer.alloc(Buffer.byteLength(value), '*') : Buffer.from(part);
    if (index % 2 === 1) masks.push({ offset: at, length: bytes.length, fact });
    parts.push(bytes);
    at += bytes.length;
  }
  return { bytes: Buffer.concat(parts), masks };
}
