import { decodeEntryBundle, hashLeaf, TILE_WIDTH, type TileId } from '#libs/tlog';
import { PersistenceError } from '../error.js';

/** What proves a proposal, as RoundOpen names it by digests. */
export interface ProposalCopy {
  readonly nnsFunction: number | null;
  /** Candid argument, base64. */
  readonly payload: string | null;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/**
 * Where a whole log can be read from: a coordinator, its database, or a copy in a folder. Nothing of
 * what it gives is believed.
 */
export interface LogSource {
  /** Such as a folder or a URL, for messages. */
  readonly name: string;
  /** The newest signed note. @throws PersistenceError COPY_UNUSABLE where there is none */
  checkpoint(): Promise<string>;
  /** A tile or a bundle of entries; `undefined` where the source has none such. */
  tile(id: TileId): Promise<Uint8Array | undefined>;
  /**
   * Envelopes as canonical JSON, of the leaves from `from` on, whose hashes the caller knows from the
   * tree. May give fewer than asked for; none means that the first one is missing.
   */
  envelopes(from: number, leafHashes: readonly Uint8Array[]): Promise<readonly string[]>;
  proposal(id: string): Promise<ProposalCopy | undefined>;
}

/** A leaf with its envelope, neither verified. */
export interface SourceLeaf {
  readonly index: number;
  readonly entry: Uint8Array;
  /** Null where the source has no envelope for it. */
  readonly body: string | null;
}

/**
 * Reads leaves from `from` to `size` with their envelopes, in their order.
 *
 * @throws PersistenceError COPY_UNUSABLE where a bundle of entries is missing
 * @throws TlogError MALFORMED_ENTRY_BUNDLE
 */
export async function* readLeaves(
  source: LogSource,
  from: number,
  size: number,
): AsyncGenerator<SourceLeaf, void> {
  for (let at = from; at < size;) {
    const entries = await entriesFrom(source, at, size);
    for (let done = 0; done < entries.length;) {
      const left = entries.slice(done);
      const bodies = await source.envelopes(at + done, left.map(hashLeaf));
      const count = Math.max(1, Math.min(bodies.length, left.length));
      for (const [nth, entry] of left.slice(0, count).entries()) {
        yield { index: at + done + nth, entry, body: bodies[nth] ?? null };
      }
      done += count;
    }
    at += entries.length;
  }
}

/** The entries from `at` to the end of its bundle, or of the tree. */
async function entriesFrom(
  source: LogSource,
  at: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const index = Math.floor(at / TILE_WIDTH);
  const begin = index * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, size - begin);
  const id = { level: 'entries', index: BigInt(index) } as const;
  for (const served of new Set([width, TILE_WIDTH])) {
    const bytes = await source.tile({ ...id, width: served });
    if (bytes === undefined) continue;
    return decodeEntryBundle(bytes, served).slice(at - begin, width);
  }
  throw new PersistenceError('COPY_UNUSABLE', `${source.name} lacks the entries of leaf ${at}`);
}
