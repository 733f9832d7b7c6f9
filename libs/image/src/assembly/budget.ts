import { setImmediate } from 'node:timers/promises';
import { DEFAULT_MANIFEST_LIMITS, type ManifestLimits } from './limits.js';
import { ImageError } from '../error.js';

/** So many bytes of holes any artifact may have hashed: a small one may be the image of a large disk. */
const FREE_HOLE_BYTES = 16 * 1024 ** 3;
/** So many zeros are hashed before others get their turn: some ten milliseconds. */
export const TURN_BYTES = 16 * 1024 ** 2;

/**
 * Counts what one artifact takes, over all that lies within it. A limit that is passed ends the whole:
 * whoever met it deep inside may not catch it as a refusal of that one part, so it is kept here.
 */
export class Budget {
  readonly limits: ManifestLimits;
  nodes = 0;
  #bytes = 0;
  #spoolBytes = 0;
  #holeBytes = 0;
  #turnBytes = 0;
  #passed: ImageError | null = null;

  constructor(
    limits: Partial<ManifestLimits> | undefined,
    readonly signal: AbortSignal | undefined,
    private readonly artifactBytes: number,
  ) {
    this.limits = { ...DEFAULT_MANIFEST_LIMITS, ...limits };
  }

  /** Bytes that come out of whatever holds others, holes included. @throws ImageError TOO_LARGE */
  readonly takeBytes = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.maxBytes) {
      this.#pass('TOO_LARGE', `the artifact unfolds to more than ${this.limits.maxBytes} bytes`);
    }
  };

  /**
   * Bytes of holes that are going to be hashed. As with a bomb, only the part that asks for too many is
   * refused: what it asked for is not counted, and others may still have holes.
   *
   * @throws ImageError TOO_LARGE
   */
  readonly takeHoles = (bytes: number): void => {
    const { maxHoleRatio } = this.limits;
    const holeBytes = this.#holeBytes + bytes;
    if (bytes > 0 && holeBytes > FREE_HOLE_BYTES + maxHoleRatio * this.artifactBytes) {
      throw new ImageError(
        'TOO_LARGE',
        `an artifact of ${this.artifactBytes} bytes has ${holeBytes} bytes of holes`,
      );
    }
    this.#holeBytes = holeBytes;
  };

  /** Whether so many zeros may be hashed at once; if not, {@link giveTurn} comes first. */
  mayGoOn(zeroBytes: number): boolean {
    if (this.#turnBytes + zeroBytes > TURN_BYTES) return false;
    this.#turnBytes += zeroBytes;
    return true;
  }

  /** Lets others have their turn. @throws ImageError as {@link checkOn} */
  async giveTurn(): Promise<void> {
    await setImmediate();
    this.checkOn();
    this.#turnBytes = 0;
  }

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
