import type { Excerpt } from '../difference.js';
import type { SideName } from '../walk/ask.js';

/** What was seen of two files. */
export interface Excerpts {
  readonly excerpts: readonly Excerpt[];
  /** Says what of them differs, or may, and is in no excerpt; null where nothing is. */
  readonly unlooked: string | null;
  /** Sides that show something else than they told, or less: default none. */
  readonly notAsTold?: readonly SideName[];
}
