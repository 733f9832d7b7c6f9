import {
  MAX_ANSWER_BYTES,
  type FileBytes,
  type FileBytesAsked,
  type FileChunks,
  type FileChunksAsked,
  type ManifestPages,
  type ManifestPagesAsked,
} from '#libs/contracts';
import { asSha256, toBase64 } from '#libs/encoding';
import type { ArtifactReader } from '#libs/image';
import type { JobStoreService } from '../jobs/job-store.service.js';
import type { KeptPaths, KeptStoreService } from './kept-store.service.js';
import { isFile } from './is-file.js';
import { maskBytes, maskMargin } from './mask-bytes.js';
import type { OpenReaders } from './open-readers.js';
import { readPages } from './read-pages.js';
import { RefusedQuestion } from './refused-question.js';

/** Room in an answer for what is not the pages themselves. */
const SHELL_BYTES = 1_000;

/** Answers what may be asked of what was built, once the result is logged, and never before. */
export class ArtifactAnswers {
  constructor(
    private readonly jobs: JobStoreService,
    private readonly kept: KeptStoreService,
    private readonly readers: OpenReaders,
  ) {}

  /** @throws RefusedQuestion */
  pages(asked: ManifestPagesAsked): Promise<ManifestPages> {
    return this.about(asked, async ({ manifest }) => {
      await requireKept(manifest);
      const mostBytes = MAX_ANSWER_BYTES - SHELL_BYTES;
      const pages = await readPages(manifest, asked.digests.map(asSha256), mostBytes);
      return { pages };
    });
  }

  /** @throws RefusedQuestion, ReadingRefused, ImageError */
  chunks(asked: FileChunksAsked): Promise<FileChunks> {
    const { location, chunkBytes, first, count } = asked;
    return this.about(asked, async ({ image }) => {
      await requireKept(image);
      const { sizeBytes, digests } = await this.readers.use(image, (reader) =>
        reader.chunkDigests(location, chunkBytes, first, count),
      );
      return { sizeBytes, digests: [...digests] };
    });
  }

  /** @throws RefusedQuestion, ReadingRefused, ImageError */
  bytes(asked: FileBytesAsked): Promise<FileBytes> {
    return this.about(asked, async ({ image }) => {
      await requireKept(image);
      const values = await this.jobs.privateValues(asked.round);
      // Not known is not none: then nothing can be hidden, and nothing is shown.
      if (values === null) throw new RefusedQuestion('not-kept');
      return this.readers.use(image, async (reader) => {
        const { bytes, masks } = await readMasked(reader, asked, values);
        return { bytes: toBase64(bytes), masks: [...masks] };
      });
    });
  }

  private async about<T>(
    { round, artifact }: { readonly round: string; readonly artifact: string },
    answer: (paths: KeptPaths) => Promise<T>,
  ): Promise<T> {
    // Blind: until the log has this builder's own result, not even whether there is one is told.
    if (!(await this.jobs.isShown(round))) throw new RefusedQuestion('not-revealed');
    return this.kept.whileAsked(round, async () => {
      const found = await this.kept.find(round);
      if (found === null) throw new RefusedQuestion('not-kept');
      const one = found.artifacts.find((each) => each.artifact === artifact);
      if (one === undefined) throw new RefusedQuestion('no-such-artifact');
      return answer(this.kept.paths(round, one.sha256));
    });
  }
}

async function requireKept(path: string): Promise<void> {
  if (!(await isFile(path))) throw new RefusedQuestion('not-kept');
}

async function readMasked(
  reader: ArtifactReader,
  { location, offset, length }: FileBytesAsked,
  values: Parameters<typeof maskBytes>[1],
): Promise<ReturnType<typeof maskBytes>> {
  const margin = maskMargin(values);
  const start = Math.max(0, offset - margin);
  const lead = offset - start;
  const around = await reader.bytes(location, start, lead + length + margin);
  const from = Math.min(lead, around.length);
  return maskBytes(around, values, from, Math.min(from + length, around.length));
}
