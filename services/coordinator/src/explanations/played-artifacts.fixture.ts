import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  FileBytesAsked,
  FileChunksAsked,
  ManifestPagesAsked,
  subjectFor,
  SUBJECTS,
  type FileBytes,
  type FileChunks,
  type ManifestPages,
  type QuestionRefused,
} from '#libs/contracts';
import { asSha256, sha256, toBase64, type Sha256 } from '#libs/encoding';
import { MembersWriter, pagesInMemory, SORTED, writeRoot, type PageMap } from '#libs/manifest';

/** Files of an archive, by path. */
export type Files = Readonly<Record<string, string>>;
export type Answer = ManifestPages | FileChunks | FileBytes | QuestionRefused;

/** Writes the manifest of an archive that holds these files, and gives its root. */
export function writePlayedManifest(files: Files, pages: PageMap): Sha256 {
  const members = new MembersWriter(pages.sink);
  for (const [path, content] of Object.entries(files)) {
    const attributes = { size: Buffer.byteLength(content), mode: '0644', content: sha256(content) };
    members.add({ path, kind: 'file', attributes });
  }
  const whole = Object.entries(files).flat().join('\n');
  return writeRoot(
    {
      path: '',
      kind: 'file',
      attributes: { size: whole.length, content: sha256(whole) },
      inside: { form: 'tar', attributes: { order: SORTED }, ...members.finish() },
    },
    pages.sink,
  );
}

/** What one builder answers about what it built: truly, unless a spec has it be away or lie. */
export class PlayedArtifacts {
  /** Kinds of all questions, in order. */
  readonly asked: string[] = [];
  /** Instead of a true answer, or when it is given. */
  lie: ((honest: Answer) => Answer | Promise<Answer>) | null = null;
  /** Spaces after each answer, which say nothing. */
  paddingBytes = 0;
  private readonly pages = pagesInMemory();
  private readonly files = new Map<string, Files>();
  private subscriptions: readonly Subscription[] = [];

  constructor(
    private readonly nats: NatsConnection,
    private readonly builder: string,
  ) {}

  /** Keeps an artifact and gives the root of its manifest. */
  keep(artifact: string, files: Files): Sha256 {
    this.files.set(artifact, files);
    return writePlayedManifest(files, this.pages);
  }

  /** Begins to answer. */
  listen(): void {
    const kinds = ['manifestPages', 'fileChunks', 'fileBytes'] as const;
    this.subscriptions = kinds.map((kind) =>
      this.nats.subscribe(subjectFor(SUBJECTS[kind], this.builder), {
        callback: (error, message) => {
          if (error !== null) return;
          this.asked.push(kind);
          const honest = this[kind](message);
          void Promise.resolve(this.lie === null ? honest : this.lie(honest)).then((answer) => {
            message.respond(JSON.stringify(answer) + ' '.repeat(this.paddingBytes));
          });
        },
      }),
    );
  }

  /** Is away from now on. */
  leave(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.subscriptions = [];
  }

  private manifestPages(message: Msg): ManifestPages {
    const { digests } = ManifestPagesAsked.parse(message.json());
    return {
      pages: digests.map((digest) => {
        const page = this.pages.pages.get(asSha256(digest));
        return page === undefined ? null : toBase64(page);
      }),
    };
  }

  private fileChunks(message: Msg): FileChunks {
    const { chunkBytes, first, count, ...where } = FileChunksAsked.parse(message.json());
    const content = this.content(where);
    const pieces = Array.from({ length: count }, (_, at) =>
      content.subarray((first + at) * chunkBytes, (first + at + 1) * chunkBytes),
    );
    const digests = pieces.filter(({ length }) => length > 0).map((piece) => sha256(piece));
    return { sizeBytes: content.length, digests };
  }

  private fileBytes(message: Msg): FileBytes {
    const { offset, length, ...where } = FileBytesAsked.parse(message.json());
    return { bytes: toBase64(this.content(where).subarray(offset, offset + length)), masks: [] };
  }

  private content(where: { artifact: string; location: readonly string[] }): Buffer {
    return Buffer.from(this.files.get(where.artifact)?.[where.location.at(-1) ?? ''] ?? '');
  }
}
