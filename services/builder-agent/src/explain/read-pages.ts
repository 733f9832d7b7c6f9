import { toBase64, type Sha256 } from '#libs/encoding';
import { openManifestFile } from '#libs/image';

/** Quotes and a comma, or `null` and one. */
const AROUND_BYTES = 8;

/**
 * Reads pages of a kept manifest as base64, in the order asked, null for what it does not have; the
 * first, and then as many as fit into `mostBytes` of an answer. One after the other: a page may have
 * half a megabyte, and many questions are answered at a time.
 *
 * @throws ImageError NOT_READABLE, CORRUPT
 */
export async function readPages(
  path: string,
  digests: readonly Sha256[],
  mostBytes: number,
): Promise<(string | null)[]> {
  const file = await openManifestFile(path);
  try {
    const texts: (string | null)[] = [];
    let leftBytes = mostBytes;
    for (const digest of digests) {
      const [page] = await file.pages([digest]);
      const text = page == null ? null : toBase64(page);
      leftBytes -= (text?.length ?? 0) + AROUND_BYTES;
      if (leftBytes < 0 && texts.length > 0) break;
      texts.push(text);
    }
    return texts;
  } finally {
    await file.close();
  }
}
