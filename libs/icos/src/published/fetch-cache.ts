import type { CachedDownload } from '../download/cache/cached-fetch.js';
import type { DownloadCache } from '../download/cache/download-cache.js';
import {
  DEFAULT_MAX_SMALL_BYTES,
  type Downloaded,
  type DownloadRequest,
} from '../download/download-request.js';
import { download, downloadSmall } from '../download/download.js';
import { IcosError, type IcosErrorCode } from '../error.js';
import type { ArtifactName } from '../release/artifact.js';

/** A download that went well, or why it did not. */
export type Fetched<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IcosError };

const DEFAULT_CONCURRENCY = 4;

/** What befell this machine and says nothing of the publisher. */
const OWN_FAILURES: ReadonlySet<IcosErrorCode> = new Set([
  'INTERRUPTED',
  'OUT_OF_SPACE',
  'CACHE_FAILED',
  'NOT_STARTED',
]);

/** Limits of each download, and of all of them together. */
export type FetchOptions = Omit<DownloadRequest, 'url' | 'onProgress'> & {
  /** Keeps large files on the disk; default they are hashed and forgotten. */
  readonly cache?: DownloadCache;
  /** Most downloads at one time; default four. */
  readonly concurrency?: number;
  readonly onProgress?: (url: string, receivedBytes: number, totalBytes: number | null) => void;
};

/**
 * Fetches each URL once, whoever asks for it and how often. The key is the full URL: two URLs on
 * one host are two downloads, even if they end in one file name.
 */
export class FetchCache {
  private readonly large = new Map<string, Promise<Fetched<Downloaded>>>();
  private readonly small = new Map<string, Promise<Fetched<Downloaded & { bytes: Uint8Array }>>>();
  private readonly originals = new Map<ArtifactName, Promise<CachedDownload | null>>();
  private readonly stop = new AbortController();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly options: FetchOptions) {}

  /** Begins with what is going to be asked for: it comes while something else is waited for. */
  begin(urls: readonly string[], artifact: ArtifactName): void {
    // Whoever asks for it is told of its failure.
    for (const url of urls) this.hash(url, artifact).catch(() => undefined);
  }

  /** Gives up what is on its way: nobody is going to ask for it any more. */
  giveUp(): void {
    this.stop.abort(new IcosError('INTERRUPTED', 'the downloads are not needed any more'));
  }

  /**
   * Hashes what a URL serves as an artifact. Of the URLs of one artifact the first one's file is
   * kept, where there is a cache: the others ought to be the same.
   *
   * @throws IcosError INTERRUPTED, OUT_OF_SPACE, CACHE_FAILED
   */
  async hash(url: string, artifact: ArtifactName): Promise<Fetched<Downloaded>> {
    const { cache } = this.options;
    return once(this.large, url, async () => {
      if (cache === undefined) return this.run(async () => download(this.request(url)));
      const original = this.originals.get(artifact);
      if (original !== undefined) {
        return this.run(async () => cache.fetchBeside(original, this.request(url)));
      }
      const fetching = this.run(async () => cache.fetch(this.request(url)));
      const kept = fetching.then((fetched) => (fetched.ok ? fetched.value : null));
      // Whoever asked for that one is told of its failure.
      const settled = kept.catch(() => null);
      this.originals.set(artifact, settled);
      return fetching;
    });
  }

  /**
   * Reads a small file, from the server whatever a cache holds: it is what the others are held
   * against. @throws IcosError INTERRUPTED
   */
  async read(url: string): Promise<Fetched<Downloaded & { bytes: Uint8Array }>> {
    return once(this.small, url, async () =>
      this.run(async () => {
        return downloadSmall({ ...this.request(url), maxBytes: DEFAULT_MAX_SMALL_BYTES });
      }),
    );
  }

  private request(url: string): DownloadRequest {
    const { onProgress, ...limits } = this.options;
    return {
      ...limits,
      url,
      signal: AbortSignal.any([this.stop.signal, ...(limits.signal ? [limits.signal] : [])]),
      ...(onProgress !== undefined && {
        onProgress: ({ receivedBytes, totalBytes }) => {
          onProgress(url, receivedBytes, totalBytes);
        },
      }),
    };
  }

  private async run<T>(work: () => Promise<T>): Promise<Fetched<T>> {
    if (this.running >= (this.options.concurrency ?? DEFAULT_CONCURRENCY)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      if (!(error instanceof IcosError) || OWN_FAILURES.has(error.code)) {
        // One full disk is one error: the others need not run into it as well.
        this.stop.abort(error);
        throw error;
      }
      return { ok: false, error };
    } finally {
      // The place goes to the next in line, or is given back.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

async function once<T>(
  known: Map<string, Promise<T>>,
  url: string,
  work: () => Promise<T>,
): Promise<T> {
  const begun = known.get(url) ?? work();
  known.set(url, begun);
  return begun;
}
