/** Options of `explain`, as its definition names them. */
export interface ExplainOptions {
  readonly artifact?: readonly string[];
  readonly roster?: string;
  readonly tempDir?: string;
  readonly json?: true;
}
