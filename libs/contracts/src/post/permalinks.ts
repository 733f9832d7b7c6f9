/** Where a page of a coordinator stands, and the file that everything can be counted from. */
export interface Permalinks {
  readonly round: (round: string) => string;
  readonly attestation: (sha256: string) => string;
  /** Null where the id is no number. */
  readonly proposal: (id: string) => string | null;
  /** The address of a round's bundle. */
  readonly bundle: (round: string) => string;
}

/** A host as browsers write it, and nothing that Markdown or a shell would read as a mark. */
const ORIGIN = /^https?:\/\/[a-z0-9._:[\]-]{1,260}$/i;

/**
 * Gives the addresses of a coordinator's pages. `origin` is its address without a path, such as
 * `https://quorum.example`; from one that is none the addresses begin with `/`.
 */
export function permalinksOf(origin: string): Permalinks {
  const bare = origin.replace(/\/$/, '');
  const base = ORIGIN.test(bare) ? bare : '';
  return {
    round: (round) => `${base}/rounds/${round}`,
    attestation: (sha256) => `${base}/attestations/${sha256}`,
    proposal: (id) => (/^\d{1,20}$/.test(id) ? `${base}/proposals/${id}` : null),
    bundle: (round) => `${base}/v1/rounds/${round}/bundle`,
  };
}
