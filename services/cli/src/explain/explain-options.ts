import type { AskOptions } from '../round/api-of.js';

/** Options of `explain`, as its definition names them. */
export interface ExplainOptions extends AskOptions {
  readonly round?: string;
  readonly artifact?: readonly string[];
  readonly roster?: string;
  readonly tempDir?: string;
  readonly diffoscope: boolean;
}
