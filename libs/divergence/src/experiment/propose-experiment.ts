import { compareText, quote } from '#libs/encoding';
import type { FactValue, NextExperiment, Observation, Suspicion } from '../explanation.js';
import { candidatesFor, type Candidate } from './candidates.js';

/** What an experiment is chosen from. */
export interface Question {
  readonly observations: readonly Observation[];
  /** What may be at work, best first; only `cause` and `facts` count. */
  readonly hypotheses: readonly Pick<Suspicion, 'cause' | 'facts'>[];
  /** Builders of which it is known that they build the same bytes twice. */
  readonly steady?: readonly string[];
  /** Names of builders for readers; ids are used where one is missing. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Longer texts are digests or worse: the reader is told whose value it is. */
const MAX_SHOWN = 40;

/**
 * Proposes the re-build that tells most. With two hypotheses or more that is one builder with one
 * fact changed to what a builder of another cluster has, such that the fewest hypotheses are to be
 * expected to remain; but first that builder unchanged, unless it is known to be steady: where a
 * builder disagrees with itself, its machine explains nothing. With none, a builder of the smallest
 * cluster builds again unchanged.
 *
 * Null where one hypothesis is left, where the builders' facts cannot tell those that are left
 * apart, or where nothing is left to be changed. The same question has the same answer everywhere.
 */
export function proposeExperiment(question: Question): NextExperiment | null {
  const { observations, hypotheses, steady = [] } = question;
  if (hypotheses.length === 1 || observations.length === 0) return null;
  const best = candidatesFor(question)[0];
  if (best !== undefined) {
    return steady.includes(best.builder) ? changed(best, question) : unchanged(best, question);
  }
  if (steady.length > 0) return null;
  const suspect = smallestFirst(observations)[0];
  return suspect === undefined ? null : unchanged(suspect, question);
}

function unchanged({ builder }: { readonly builder: string }, question: Question): NextExperiment {
  const name = nameOf(builder, question);
  const text =
    `${name} builds once more, with nothing changed: ` +
    'if other bytes come out, the build is to be suspected before the machine';
  return { builder, change: null, text };
}

function changed({ builder, fact, from, to, like }: Candidate, question: Question): NextExperiment {
  const [name, other] = [nameOf(builder, question), nameOf(like, question)];
  const text =
    `${name} builds once more, with ${quote(fact)} changed from ${shown(from, 'its own')} to ` +
    `${shown(to, 'the value')} as ${other} has it, and nothing else: ` +
    `if the bytes of ${other} come out, this fact is the cause; if the old ones do, it is not`;
  return { builder, change: { fact, from, to }, text };
}

function shown(value: FactValue, otherwise: string): string {
  const text = typeof value === 'string' ? quote(value) : String(value);
  return text.length > MAX_SHOWN ? otherwise : text;
}

function nameOf(builder: string, { names = {} }: Question): string {
  return Object.hasOwn(names, builder) ? (names[builder] ?? builder) : builder;
}

function smallestFirst(observations: readonly Observation[]): Observation[] {
  const sizes = new Map<string, number>();
  for (const { cluster } of observations) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  return observations.toSorted(
    (a, b) =>
      (sizes.get(a.cluster) ?? 0) - (sizes.get(b.cluster) ?? 0) ||
      compareText(a.builder, b.builder),
  );
}
