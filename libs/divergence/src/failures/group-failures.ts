import { compareText } from '#libs/encoding';
import { readable } from '../classes/readable.js';
import type { FactValue } from '../explanation.js';
import { KNOWN_FAILURES, type FailurePattern } from './patterns.js';

/** One builder that came to no output, as its signed failure tells. All of it is a stranger's text. */
export interface ToldFailure {
  readonly operator: string;
  readonly builder: string;
  readonly stage: string;
  readonly class: string;
  readonly message: string;
  /** Last lines of the build's log, where they are at hand. */
  readonly logTail?: string;
  /** What the builder told of its machine, where that is at hand. */
  readonly facts?: Readonly<Record<string, FactValue>>;
}

/** Builders that failed in the same way. */
export interface FailureGroup {
  /** Id of the pattern that is known, or `<stage>/<class>`. */
  readonly pattern: string;
  readonly stage: string;
  readonly class: string;
  readonly operators: readonly string[];
  readonly builders: readonly string[];
  /** One line of the message or log that shows it, cleaned and bounded. */
  readonly line: string;
  /** Null where the pattern is not known. */
  readonly explanation: string | null;
  readonly remedy: string | null;
  readonly source: string | null;
}

const MAX_LINES = 400;
const MAX_LINE_CHARACTERS = 2000;
const MAX_WORD_CHARACTERS = 64;

interface Seen {
  readonly failure: ToldFailure;
  readonly pattern: FailurePattern | null;
  readonly line: string;
}

/**
 * Groups failed builds by stage, class and the words that are known of them; groups of more operators
 * first. A failure is no divergence: nothing of it is evidence of what a build gives.
 */
export function groupFailures(failures: readonly ToldFailure[]): readonly FailureGroup[] {
  const groups = Map.groupBy(failures.map(see), ({ failure, pattern }) =>
    JSON.stringify([failure.stage, failure.class, pattern?.id ?? null]),
  );
  return [...groups.values()]
    .flatMap((seen) => (seen[0] === undefined ? [] : [groupOf(seen[0], seen)]))
    .sort(
      (a, b) =>
        b.operators.length - a.operators.length ||
        compareText(a.pattern, b.pattern) ||
        compareText(`${a.stage}/${a.class}`, `${b.stage}/${b.class}`),
    );
}

function see(failure: ToldFailure): Seen {
  // The last words of a log are nearest to the end of the build; the message is the agent's own.
  const lines = [...linesOf(failure.message), ...linesOf(failure.logTail ?? '').toReversed()];
  for (const pattern of KNOWN_FAILURES) {
    if (pattern.classes.length > 0 && !pattern.classes.includes(failure.class)) continue;
    if (pattern.line === null) return { failure, pattern, line: lines[0] ?? '' };
    const line = lines.find((each) => isSaid(each, pattern, failure));
    if (line !== undefined) return { failure, pattern, line };
  }
  return { failure, pattern: null, line: lines[0] ?? '' };
}

function isSaid(line: string, pattern: FailurePattern, { facts = {} }: ToldFailure): boolean {
  if (pattern.line?.test(line) === true) return true;
  const { lineWhere } = pattern;
  if (lineWhere === undefined || !Object.hasOwn(facts, lineWhere.fact)) return false;
  return facts[lineWhere.fact] === true && lineWhere.line.test(line);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE_CHARACTERS));
}

function groupOf({ failure, pattern, line }: Seen, seen: readonly Seen[]): FailureGroup {
  const stage = readable(failure.stage, MAX_WORD_CHARACTERS);
  const kind = readable(failure.class, MAX_WORD_CHARACTERS);
  return {
    pattern: pattern?.id ?? `${stage}/${kind}`,
    ...{ stage, class: kind },
    operators: sorted(seen.map((each) => each.failure.operator)),
    builders: sorted(seen.map((each) => each.failure.builder)),
    line: readable(line.trim()),
    explanation: pattern?.explanation ?? null,
    remedy: pattern?.remedy ?? null,
    source: pattern?.source ?? null,
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareText);
}
