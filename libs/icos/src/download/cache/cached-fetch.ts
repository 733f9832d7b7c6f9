import { IcosError, type IcosErrorCode } from '../../error.js';
import { acquireLock } from '../../lock/cross-process-lock.js';
import { attempt, type Attempt } from '../attempt.js';
import { announcedLength, readBody, refuseLarge } from '../body.js';
import type { Downloaded, DownloadRequest } from '../download-request.js';
import { type HttpAnswer, httpGet } from '../http-get.js';
import { type CachePaths, cachePaths, folderOf } from './cache-paths.js';
import type { FileRecord, Origin } from './cache-record.js';
import { conditionsOf, meaningOf } from './conditions.js';
import { onDisk, requireSpace } from './disk-failure.js';
import { makeFolder } from './durable.js';
import { PartFile } from './part-file.js';
import { findWholeFile, noteWholeFile } from './whole-file.js';

/** A download that lies on the disk. */
export interface CachedDownload extends Downloaded {
  readonly file: string;
  /**
   * `downloaded` in one piece; `resumed` where a run or an attempt before had begun with it;
   * `validated` where it was there and the server said that it is still the same.
   */
  readonly origin: 'downloaded' | 'resumed' | 'validated';
}

/** After these the rest would not fit, or not fit together. */
const USELESS: ReadonlySet<IcosErrorCode> = new Set(['TOO_LARGE', 'BAD_RESPONSE']);

type Limited = DownloadRequest & { readonly maxBytes: number };

/**
 * Brings the file of a URL into a folder, or finds it there. Takes turns with every other process
 * that wants the same one, which then finds what this one brought.
 *
 * @throws IcosError as `download`; OUT_OF_SPACE, CACHE_FAILED, NOT_STARTED
 */
export async function fetchInto(folder: string, request: Limited): Promise<CachedDownload> {
  const url = request.allow.check(request.url);
  const paths = cachePaths(folder, url);
  const lock = await onDisk(folder, async () => {
    await makeFolder(folderOf(paths));
    return acquireLock(paths.lock, 'exclusive', request.signal);
  });
  try {
    const { signal } = request;
    const whole = await onDisk(folder, async () => findWholeFile(paths, url, signal));
    const part = await onDisk(folder, async () => PartFile.open(paths, url, signal));
    return await new CachedFetch(folder, request, url, paths, whole, part).run();
  } finally {
    lock.release();
  }
}

/** One URL, while its lock is held. */
class CachedFetch {
  constructor(
    private readonly folder: string,
    private readonly request: Limited,
    private readonly url: URL,
    private readonly paths: CachePaths,
    private whole: FileRecord | null,
    private readonly part: PartFile,
  ) {}

  async run(): Promise<CachedDownload> {
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

  private async receive(current: Attempt): Promise<CachedDownload> {
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

  private async validated(whole: FileRecord): Promise<CachedDownload> {
    const { finalUrl, sha256, totalBytes, etag } = whole;
    refuseLarge(finalUrl, totalBytes, this.request.maxBytes);
    await this.onPart(async () => this.part.discard());
    this.request.onProgress?.({ receivedBytes: totalBytes, totalBytes });
    return this.result({ finalUrl, sha256, sizeBytes: totalBytes, etag }, 'validated');
  }

  private async begin(
    answer: HttpAnswer,
    current: Attempt,
    etag: string | null,
  ): Promise<CachedDownload> {
    const { finalUrl, body } = answer;
    const totalBytes = announcedLength(body.headers['content-length']);
    refuseLarge(finalUrl, totalBytes ?? 0, this.request.maxBytes);
    const isKnown = etag !== null && totalBytes !== null;
    const origin = isKnown ? { url: this.url.href, finalUrl, etag, totalBytes } : null;
    await this.onPart(async () => this.part.begin(origin));
    await requireSpace(this.folder, totalBytes ?? 0);
    return this.store(answer, current, origin, 'downloaded');
  }

  private async resume(
    answer: HttpAnswer,
    current: Attempt,
    origin: Origin,
  ): Promise<CachedDownload> {
    await requireSpace(this.folder, origin.totalBytes - this.part.sizeBytes);
    return this.store(answer, current, origin, 'resumed');
  }

  private async store(
    answer: HttpAnswer,
    current: Attempt,
    origin: Origin | null,
    how: CachedDownload['origin'],
  ): Promise<CachedDownload> {
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
    const { sha256 } = await this.onPart(async () => {
      const finished = await this.part.finish();
      await noteWholeFile(this.paths, origin, finished);
      return finished;
    }, neededBytes);
    const { finalUrl, body } = answer;
    return this.result({ finalUrl, sha256, sizeBytes, etag: body.headers.etag ?? null }, how);
  }

  private result(facts: Omit<Downloaded, 'url'>, origin: CachedDownload['origin']): CachedDownload {
    return { url: this.request.url, ...facts, file: this.paths.file, origin };
  }

  /**
   * A part that filled the disk goes: it would leave no room for anything else there, the build
   * that runs beside it above all, and the network gives its bytes again.
   */
  private async onPart<T>(work: () => Promise<T>, neededBytes?: () => number | null): Promise<T> {
    try {
      return await onDisk(this.folder, work, neededBytes?.() ?? null);
    } catch (error) {
      const isFull = error instanceof IcosError && error.code === 'OUT_OF_SPACE';
      if (isFull) await this.part.discard();
      throw error;
    }
  }
}
