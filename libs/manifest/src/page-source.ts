import type { Sha256 } from '#libs/encoding';

/**
 * Takes the pages of a manifest as they are made. The same page may come more than once; its bytes are
 * the giver's again when this returns, so who keeps them copies.
 */
export type PageSink = (digest: Sha256, bytes: Uint8Array) => void;

/**
 * Gives pages by digest: one answer for each, in the order asked, null for what it does not have.
 * Whoever asks verifies what comes, so a source MAY lie; it MUST answer for every digest.
 */
export type PageSource = (digests: readonly Sha256[]) => Promise<readonly (Uint8Array | null)[]>;

/** Pages in memory: what a small manifest, or a test, needs. */
export interface PageMap {
  readonly pages: ReadonlyMap<Sha256, Uint8Array>;
  readonly sink: PageSink;
  readonly source: PageSource;
}

/** Makes an empty {@link PageMap}. */
export function pagesInMemory(): PageMap {
  const pages = new Map<Sha256, Uint8Array>();
  return {
    pages,
    sink: (digest, bytes) => void pages.set(digest, Uint8Array.from(bytes)),
    source: (digests) => Promise.resolve(digests.map((digest) => pages.get(digest) ?? null)),
  };
}
