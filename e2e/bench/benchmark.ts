/** One thing that was measured. */
export interface Figure {
  readonly what: string;
  /** Operations, bytes or rounds per second, or what one takes; says its unit. */
  readonly rate: string;
  /** How often as fast as what it is compared with; null where that is a limit. */
  readonly ratio: number | null;
  /** The figure beside its goal, in words. */
  readonly sentence?: string;
  /** Whether it misses that goal; absent where nobody judges it. Machines differ: no failure. */
  readonly isMissed?: boolean;
}

/** How a benchmark is run. */
export interface Setting {
  /** Sizes at which everything is tried and nothing is measured. */
  readonly isQuick: boolean;
  /** Tells what is compared, line by line, so that a reader can judge the figures. */
  readonly tell: (line: string) => void;
}

/** A question about speed, answered by a comparison inside one run. */
export interface Benchmark {
  readonly name: string;
  /** What is compared with what, in one line. */
  readonly question: string;
  /** Measures, and throws where an answer is wrong; a figure is compared with the first one, unless its name says otherwise. */
  readonly run: (setting: Setting) => Promise<readonly Figure[]>;
}
