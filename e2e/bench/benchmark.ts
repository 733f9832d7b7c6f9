/** One thing that was measured. */
export interface Figure {
  readonly what: string;
  /** Operations, bytes or rounds per second; says its unit. */
  readonly rate: string;
  /** How often as fast as the benchmark's first figure. */
  readonly ratio: number;
}

/** A question about speed, answered by a comparison inside one run. */
export interface Benchmark {
  readonly name: string;
  /** What is compared with what, in one line. */
  readonly question: string;
  /** Measures; the first figure is the one that the others are compared with. */
  readonly run: () => Promise<readonly Figure[]>;
}
