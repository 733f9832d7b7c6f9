import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { isSha256 } from '#libs/encoding';
import type { Config } from '../config.js';
import { makeFolderDurably, readIfThere, writeDurably } from '../jobs/durable-file.js';
import { CONFIG } from '../tokens.js';
import { chooseDropped, chooseForRoom, type KeptFile } from './budget.js';
import {
  IMAGE_SUFFIX,
  KEPT_FILE,
  keptPaths,
  KeptRound,
  MANIFEST_SUFFIX,
  type KeptArtifact,
} from './kept-round.js';

/** Manifests take some hundredths of what images do; they have a bound of their own. */
const KEPT_MANIFESTS_BYTES = 4 * 1024 ** 3;
const SPOOL = 'spool';

/** Where a kept artifact lies; an image may be gone while its manifest is still there. */
export interface KeptPaths {
  readonly image: string;
  readonly manifest: string;
}

/**
 * Manifests and images of the newest rounds, in `STATE_DIR/kept/<round>/`. Nothing of it is evidence:
 * what is lost is only missing in answers.
 */
@Injectable()
export class KeptStoreService implements OnModuleInit {
  private readonly logger = new Logger(KeptStoreService.name);
  private readonly making = new Set<string>();
  private readonly asked = new Map<string, number>();

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'STATE_DIR' | 'KEPT_IMAGES_BYTES' | 'EXPLAIN'>,
  ) {}

  /** What a killed agent left half made goes; so does what a smaller budget has no room for. */
  async onModuleInit(): Promise<void> {
    try {
      await this.prune();
      await rm(this.spoolFolder(), { recursive: true, force: true });
    } catch (error) {
      this.logger.warn(`what is kept of older rounds cannot be tidied up: ${String(error)}`);
    }
  }

  /** Whether images are kept at all. */
  keepsImages(): boolean {
    return this.config.EXPLAIN === 'bytes' && this.config.KEPT_IMAGES_BYTES > 0;
  }

  /** Makes an empty folder for a round, with room for `imageBytes` more by the budget. */
  async begin(round: string, imageBytes: number): Promise<string> {
    this.making.add(round);
    await rm(this.folder(round), { recursive: true, force: true });
    await this.prune(imageBytes);
    await makeFolderDurably(this.folder(round));
    return this.folder(round);
  }

  /** Keeps what was made of a round; from now on it is found. */
  async finish(round: string, artifacts: readonly KeptArtifact[]): Promise<void> {
    const kept: KeptRound = {
      ...{ version: 1, keptAt: new Date().toISOString() },
      artifacts: [...artifacts],
    };
    await writeDurably(join(this.folder(round), KEPT_FILE), `${JSON.stringify(kept)}\n`);
    this.making.delete(round);
    await this.prune();
  }

  /** Gives up what was begun. */
  async abandon(round: string): Promise<void> {
    await rm(this.folder(round), { recursive: true, force: true });
    this.making.delete(round);
  }

  /** Gives what is kept of a round; null for nothing. */
  async find(round: string): Promise<KeptRound | null> {
    const text = await readIfThere(join(this.folder(round), KEPT_FILE));
    return text === null ? null : KeptRound.parse(JSON.parse(text));
  }

  paths(round: string, sha256: string): KeptPaths {
    return keptPaths(this.folder(round), sha256);
  }

  /** Keeps a round from being removed as long as somebody reads of it. */
  async whileAsked<T>(round: string, read: () => Promise<T>): Promise<T> {
    this.asked.set(round, (this.asked.get(round) ?? 0) + 1);
    try {
      return await read();
    } finally {
      const left = (this.asked.get(round) ?? 1) - 1;
      if (left > 0) this.asked.set(round, left);
      else this.asked.delete(round);
    }
  }

  /** A folder for nameless temporary files, on the disk of what is kept. */
  async spool(): Promise<string> {
    await mkdir(this.spoolFolder(), { recursive: true, mode: 0o700 });
    return this.spoolFolder();
  }

  /**
   * Removes the oldest images until a folder's disk has so much free, where they lie on that disk and
   * where it helps: a build that has no room is a failure, an answer that is missing is none.
   */
  async makeRoom(folder: string, neededBytes: number): Promise<void> {
    const rounds = await this.rounds();
    await mkdir(folder, { recursive: true });
    const [own, other] = await Promise.all([stat(this.root()), stat(folder)]);
    if (own.dev !== other.dev) return;
    const { bavail, bsize } = await statfs(folder);
    const images = await this.files(rounds, IMAGE_SUFFIX);
    const missingBytes = neededBytes - bavail * bsize;
    const gone = chooseForRoom(images, missingBytes, new Set(this.asked.keys()));
    for (const { path } of gone) await rm(path, { force: true });
    if (gone.length > 0) this.logger.log(`${gone.length} images made way for a build`);
  }

  /** Removes the oldest until the rest is within its bounds, with so much room left for images. */
  private async prune(reservedBytes = 0): Promise<void> {
    const rounds = await this.rounds();
    const budgetBytes = this.keepsImages() ? this.config.KEPT_IMAGES_BYTES - reservedBytes : 0;
    const inUse = new Set(this.asked.keys());
    const images = await this.files(rounds, IMAGE_SUFFIX);
    const manifests = await this.files(rounds, MANIFEST_SUFFIX);
    const dropped = [
      ...chooseDropped(images, budgetBytes, inUse),
      ...chooseDropped(manifests, KEPT_MANIFESTS_BYTES, inUse),
    ];
    for (const { path } of dropped) await rm(path, { force: true });
    const gone = new Set(dropped.map(({ path }) => path));
    const left = new Set(manifests.filter(({ path }) => !gone.has(path)).map(({ round }) => round));
    for (const round of rounds.filter((each) => !left.has(each) && !inUse.has(each))) {
      await rm(this.folder(round), { recursive: true, force: true });
    }
  }

  /** Whole rounds, the newest first; half-made ones that nobody is making are removed. */
  private async rounds(): Promise<readonly string[]> {
    await makeFolderDurably(this.root());
    const found: { readonly round: string; readonly keptAt: string }[] = [];
    for (const round of (await readdir(this.root())).filter(isSha256)) {
      if (this.making.has(round)) continue;
      const kept = await this.find(round).catch(() => null);
      if (kept !== null) found.push({ round, keptAt: kept.keptAt });
      else await rm(this.folder(round), { recursive: true, force: true });
    }
    return found
      .toSorted((a, b) => b.keptAt.localeCompare(a.keptAt, 'en'))
      .map(({ round }) => round);
  }

  private async files(rounds: readonly string[], suffix: string): Promise<readonly KeptFile[]> {
    const files: KeptFile[] = [];
    for (const round of rounds) {
      const folder = this.folder(round);
      const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).toSorted();
      for (const name of names) {
        const path = join(folder, name);
        // As the disk has it: holes take nothing.
        const { blocks } = await stat(path);
        files.push({ round, path, sizeBytes: blocks * 512 });
      }
    }
    return files;
  }

  private folder(round: string): string {
    return join(this.root(), round);
  }

  private spoolFolder(): string {
    return join(this.root(), SPOOL);
  }

  private root(): string {
    return join(this.config.STATE_DIR, 'kept');
  }
}
