import type { Aspect, Difference, DifferenceClass, Finding } from '../difference.js';
import type { FactValue } from '../explanation.js';

/** The values of a fact that builders of the left and of the right cluster told; missing ones are none. */
export type Told = (fact: string) => Readonly<Record<'left' | 'right', readonly KnownValue[]>>;
type KnownValue = Exclude<FactValue, null>;

/** What a finding has to show beside its class, so that the cause and nothing else is meant. */
export interface Mark {
  /** As a page tells it, after what differs: `within the rights of group and others`. */
  readonly says: string;
  /** Whether the finding shows it. */
  readonly isIn: (finding: Finding) => boolean;
  /** Whether what builders told fits what the finding shows; absent where any facts do. */
  readonly fits?: (finding: Finding, told: Told) => boolean;
}

/** What of a finding shows that a cause was at work. */
export interface Trace {
  readonly classes: readonly DifferenceClass[];
  /** Where given, one of the finding's aspects has to be among them. */
  readonly aspects?: readonly Aspect[];
  /** Where given, one of the finding's attributes has to be among them. */
  readonly attributes?: readonly string[];
  /** Where given, what the node or container is. */
  readonly kinds?: readonly Difference['kind'][];
  /** Where given, one of these facts was seen in the bytes. */
  readonly seen?: readonly string[];
  /** None of these facts was seen: another row has them. */
  readonly unseen?: readonly string[];
  /** Where given, what the values that differ have to be. */
  readonly mark?: Mark;
  /** Whether it is there because another artifact is a part of this one. Default: no matter. */
  readonly isOfOtherArtifact?: true;
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
  /**
   * Whether a fact's value itself gets into the bytes, so that builders with equal bytes have to
   * have equal values.
   */
  readonly isWritten?: boolean;
  /** Whether two builds of one machine differ by it. */
  readonly variesAlone?: boolean;
  /** Facts that can bring it about, though other things can as well: they are told, and rule nothing out. */
  readonly related?: readonly string[];
  /** Null for what leaves no trace of its own in the bytes: only statistics can name it. */
  readonly trace: Trace | null;
  readonly symptom: string;
  readonly remedy: string;
  /** Where it was seen: a public file or thread; null where it was not. */
  readonly source: string | null;
}
