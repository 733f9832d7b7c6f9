import { DEFAULT_MANIFEST_LIMITS, type ManifestLimits } from './limits.js';
import { ImageError } from '../error.js';

/**
 * Counts what one artifact takes, over all that lies within it. A limit that is passed ends the whole:
 * whoever met it deep inside may not catch it as a refusal of that one part, so it is kept here.
 */
export class Budget {
  readonly limits: ManifestLimits;
  nodes = 0;
  #bytes = 0;
  #spoolBytes = 0;
  #passed: ImageError | null = null;

  constructor(
    limits: Partial<ManifestLimits> | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.limits = { ...DEFAULT_MANIFEST_LIMITS, ...limits };
  }

  /** Bytes that come out of an archive or a compressed stream. @throws ImageError TOO_LARGE */
  readonly takeBytes = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.maxBytes) {
      this.#pass('TOO_LARGE', `the artifact unfolds to more than ${this.limits.maxBytes} bytes`);
    }
  };

  /** Bytes that come to lie on disk, or go. @throws ImageError TOO_LARGE */
  readonly takeSpool = (bytes: number): void => {
    this.#spoolBytes += bytes;
    if (bytes > 0 && this.#spoolBytes > this.limits.maxSpoolBytes) {
      const { maxSpoolBytes } = this.limits;
      this.#pass('TOO_LARGE', `the artifact needs more than ${maxSpoolBytes} bytes of spool space`);
    }
  };

  /** Nodes of containers. @throws ImageError TOO_MANY_MEMBERS */
  takeNode(): void {
    this.nodes += 1;
    if (this.nodes > this.limits.maxNodes) {
      const { maxNodes } = this.limits;
      this.#pass('TOO_MANY_MEMBERS', `the artifact holds more than ${maxNodes} members`);
    }
  }

  /** @throws ImageError INTERRUPTED when the caller wants no more, and what ended the whole before */
  readonly checkOn = (): void => {
    if (this.#passed !== null) throw this.#passed;
    if (this.signal?.aborted === true) {
      this.#pass('INTERRUPTED', 'reading the artifact was interrupted');
    }
  };

  #pass(code: 'TOO_LARGE' | 'TOO_MANY_MEMBERS' | 'INTERRUPTED', message: string): never {
    this.#passed = new ImageError(code, message);
    throw this.#passed;
  }
}
