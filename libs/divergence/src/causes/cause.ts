import type { Aspect, DifferenceClass } from '../difference.js';

/** What of a finding shows that a cause was at work. */
export interface Trace {
  readonly classes: readonly DifferenceClass[];
  /** Where given, one of the finding's aspects has to be among them. */
  readonly aspects?: readonly Aspect[];
  /** Where given, one of these facts was seen in the bytes. */
  readonly seen?: readonly string[];
  /** None of these facts was seen: another row has them. */
  readonly unseen?: readonly string[];
}

/** One row of the catalogue of what can make two builds differ. */
export interface Cause {
  readonly id: string;
  /** What goes wrong, as part of a sentence: `the time of the build was written into the image`. */
  readonly title: string;
  /**
   * Environment facts that decide it, by their names in fingerprints. A cause whose facts all have
   * a value in common on both sides is ruled out. None: the trace alone is enough.
   */
  readonly facts: readonly string[];
  /** Null for what leaves no trace of its own in the bytes: only statistics can name it. */
  readonly trace: Trace | null;
  readonly symptom: string;
  readonly remedy: string;
  /** Where it was seen: a public file or thread; null where it was not. */
  readonly source: string | null;
}
