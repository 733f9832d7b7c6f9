import type { Sha256 } from '#libs/encoding';
import { ManifestError } from '#libs/manifest';
import { DivergenceError } from '../error.js';
import type { Moved, WalkSide } from './walk.js';

export type SideName = 'left' | 'right';

/** One side of a walk: asks it, verifies what it answers, and counts what that moved. */
export class Asked {
  #pages = 0;
  #bytes = 0;

  constructor(
    private readonly name: SideName,
    private readonly side: WalkSide,
  ) {}

  get moved(): Moved {
    return { pages: this.#pages, bytes: this.#bytes };
  }

  /**
   * Asks for pages and reads each.
   *
   * @throws DivergenceError MISSING_PAGE, BAD_PAGE or OTHER_VERSION, with the side's name
   */
  async pages<T>(
    digests: readonly Sha256[],
    read: (bytes: Uint8Array, digest: Sha256) => T,
  ): Promise<Map<Sha256, T>> {
    const pages = new Map<Sha256, T>();
    if (digests.length === 0) return pages;
    const answers = await this.side.pages(digests);
    digests.forEach((digest, i) => {
      const bytes = answers[i] ?? null;
      if (bytes === null) {
        const message = `the ${this.name} side has no page ${digest} of its own manifest`;
        throw new DivergenceError('MISSING_PAGE', message, { side: this.name });
      }
      this.#pages += 1;
      this.#bytes += bytes.length;
      pages.set(
        digest,
        this.verified(() => read(bytes, digest)),
      );
    });
    return pages;
  }

  /** Runs a reading of what this side sent; what is wrong with it is told as this side's. */
  verified<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof ManifestError)) throw cause;
      const code = cause.code === 'OTHER_VERSION' ? cause.code : 'BAD_PAGE';
      const message = `the ${this.name} side: ${cause.message}`;
      throw new DivergenceError(code, message, { cause, side: this.name });
    }
  }
}
