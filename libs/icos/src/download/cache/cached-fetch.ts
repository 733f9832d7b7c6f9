import { IcosError, type IcosErrorCode } from '../../error.js';
import { acquireLock } from '../../lock/cross-process-lock.js';
import { attempt, type Attempt } from '../attempt.js';
import { announcedLength, readBody, refuseLarge } from '../body.js';
import type { Downloaded, DownloadRequest } from '../download-request.js';
import { type HttpAnswer, httpGet } from '../http-get.js';
import { type CachePaths, cachePaths, folderOf } from './cache-paths.js';
import type { Origin } from './cache-record.js';
import { conditionsOf, meaningOf } from './conditions.js';
import { onDisk, requireSpace } from './disk-failure.js';
import { makeFolder } from './durable.js';
import type { Part } from './part.js';
import type { WholeFile } from './whole-file.js';

/** A download through a cache. */
export interface FoundDownload extends Downloaded {
  /** Where it lies; null for one that is not kept. */
  readonly file: string | null;
  /**
   * `downloaded` in one piece; `resumed` where a run or an attempt before had begun with it;
   * `validated` where it was there and the server said that it is still the same.
   */
  readonly origin: 'downloaded' | 'resumed' | 'validated';
}

/** A download that lies on the disk. */
export interface CachedDownload extends FoundDownload {
  readonly file: string;
}

/** After these the rest would not fit, or not fit together. */
const USELESS: ReadonlySet<IcosErrorCode> = new Set(['TOO_LARGE', 'BAD_RESPONSE']);

/** One URL of a cache, which this process has for itself. */
export interface CachePlace {
  readonly folder: string;
  readonly url: URL;
  readonly paths: CachePaths;
}

/** Takes turns at a URL with every other process that wants the same one. */
export async function atPlace<T>(
  folder: string,
  { allow, url: text, signal }: DownloadRequest,
  work: (place: CachePlace) => Promise<T>,
): Promise<T> {
  const url = allow.check(text);
  const paths = cachePaths(folder, url);
  const lock = await onDisk(folder, async () => {
    await makeFolder(folderOf(paths));
    return acquireLock(paths.lock, 'exclusive', signal);
  });
  try {
    return await work({ folder, url, paths });
  } finally {
    lock.release();
  }
}

/** One URL, while its lock is held. */
export class CachedFetch {
  constructor(
    private readonly place: CachePlace,
    private readonly request: DownloadRequest & { readonly maxBytes: number },
    private whole: WholeFile | null,
    private readonly part: Part,
  ) {}

  async run(): Promise<FoundDownload> {
    try {
      return await attempt(this.request, async (current) => this.receive(current));
    } catch (error) {
      const isUseless = error instanceof IcosError && USELESS.has(error.code);
      await this.onPart(async () => {
        // Without an origin nobody could ask for the rest.
        if (isUseless || this.part.origin === null) await this.part.discard();
        else await this.part.settle();
      });
      throw error;
    } finally {
      await this.part.close();
    }
  }

  private async receive(current: Attempt): Promise<FoundDownload> {
    const { url, allow } = this.request;
    for (;;) {
      const { whole, part } = this;
      const known = { whole, part: part.origin, partBytes: part.sizeBytes };
      const answer = await httpGet(url, allow, current.signal, conditionsOf(known));
      try {
        const meaning = meaningOf(answer, known);
        switch (meaning.kind) {
          case 'unchanged':
            return await this.validated(meaning.whole);
          case 'rest':
            return await this.resume(answer, current, meaning.part);
          case 'all':
            return await this.begin(answer, current, meaning.etag);
          case 'contradiction':
            // Without conditions there is nothing left to contradict: it does not come twice.
            this.whole = null;
            await this.onPart(async () => part.begin(null));
        }
      } finally {
        answer.body.destroy();
      }
    }
  }

  private async validated(whole: WholeFile): Promise<FoundDownload> {
    const { finalUrl, sha256, totalBytes, etag, file } = whole;
    refuseLarge(finalUrl, totalBytes, this.request.maxBytes);
    await this.onPart(async () => this.part.discard());
    this.request.onProgress?.({ receivedBytes: totalBytes, totalBytes });
    return this.result({ finalUrl, sha256, sizeBytes: totalBytes, etag, file }, 'validated');
  }

  private async begin(
    answer: HttpAnswer,
    current: Attempt,
    etag: string | null,
  ): Promise<FoundDownload> {
    const { finalUrl, body } = answer;
    const totalBytes = announcedLength(body.headers['content-length']);
    refuseLarge(finalUrl, totalBytes ?? 0, this.request.maxBytes);
    const isKnown = etag !== null && totalBytes !== null;
    const origin = isKnown ? { url: this.place.url.href, finalUrl, etag, totalBytes } : null;
    await this.onPart(async () => this.part.begin(origin));
    await this.requireRoom(totalBytes ?? 0);
    return this.store(answer, current, origin, 'downloaded');
  }

  private async resume(
    answer: HttpAnswer,
    current: Attempt,
    origin: Origin,
  ): Promise<FoundDownload> {
    await this.requireRoom(origin.totalBytes - this.part.sizeBytes);
    return this.store(answer, current, origin, 'resumed');
  }

  private async store(
    answer: HttpAnswer,
    current: Attempt,
    origin: Origin | null,
    how: FoundDownload['origin'],
  ): Promise<FoundDownload> {
    const { maxBytes, onProgress } = this.request;
    const neededBytes = (): number | null =>
      origin === null ? null : origin.totalBytes - this.part.sizeBytes;
    const sizeBytes = await readBody(answer, current, {
      maxBytes,
      onProgress,
      startBytes: this.part.sizeBytes,
      ...(origin !== null && { totalBytes: origin.totalBytes }),
      take: async (chunk) => this.onPart(async () => this.part.append(chunk), neededBytes),
    });
    const finished = await this.onPart(async () => this.part.finish(), neededBytes);
    const { finalUrl, body } = answer;
    const etag = body.headers.etag ?? null;
    return this.result({ finalUrl, sizeBytes, etag, ...finished }, how);
  }

  private async requireRoom(neededBytes: number): Promise<void> {
    if (this.part.isKept) await requireSpace(this.place.folder, neededBytes);
  }

  private result(
    facts: Omit<FoundDownload, 'url' | 'origin'>,
    origin: FoundDownload['origin'],
  ): FoundDownload {
    return { url: this.request.url, ...facts, origin };
  }

  /**
   * A part that filled the disk goes: it would leave no room for anything else there, the build
   * that runs beside it above all, and the network gives its bytes again.
   */
  private async onPart<T>(work: () => Promise<T>, neededBytes?: () => number | null): Promise<T> {
    try {
      return await onDisk(this.place.folder, work, neededBytes?.() ?? null);
    } catch (error) {
      const isFull = error instanceof IcosError && error.code === 'OUT_OF_SPACE';
      if (isFull) await this.part.discard();
      throw error;
    }
  }
}
