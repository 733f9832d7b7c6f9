import type { Ask, Where } from './ask.js';
import { whereText } from './ask-text.js';
import type { Candidate } from './candidate.js';
import { factOf, matches } from './condition.js';

/**
 * One thing that is asked: so many different marks among those who are chosen. Every demand is of this
 * form, so that whoever is added only ever helps: all demands can be met if the whole of the
 * candidates meets each.
 */
export interface Demand {
  /** As it is written in an ask. */
  readonly text: string;
  readonly need: number;
  /** What a builder counts as; null where it does not count. */
  markOf(candidate: Candidate): string | null;
  /** What is missing, in words, `short` of them being so. */
  lack(short: number): string;
}

/** Lists what an ask demands of the choice as a whole, in the order in which it is written. */
export function demandsOf({ operators, builders, atLeast = [], distinct = [] }: Ask): Demand[] {
  const demands: Demand[] = [];
  if (operators !== undefined) {
    demands.push({
      ...{ text: `operators=${operators}`, need: operators },
      markOf: ({ operator }) => operator,
      lack: (short) => `${short} more ${short === 1 ? 'operator' : 'operators'}`,
    });
  }
  if (builders !== undefined) demands.push(counted(`builders=${builders}`, builders, {}));
  for (const { where, count } of atLeast) {
    demands.push(counted(`${whereText(where)}>=${count}`, count, where));
  }
  for (const { fact, count } of distinct) {
    demands.push({
      ...{ text: `distinct ${fact}>=${count}`, need: count },
      markOf: (candidate) => factOf(candidate, fact),
      lack: (short) => `${short} more with another ${fact}`,
    });
  }
  return demands;
}

function counted(text: string, need: number, where: Where): Demand {
  const condition = whereText(where);
  return {
    ...{ text, need },
    markOf: (candidate) => (matches(candidate, where) ? candidate.builder : null),
    lack: (short) =>
      `${short} more ${short === 1 ? 'builder' : 'builders'}${condition === '' ? '' : ` with ${condition}`}`,
  };
}

/** How far the demands are met, as builders are added one after the other. */
export class Coverage {
  private constructor(
    private readonly demands: readonly Demand[],
    private readonly marks: readonly ReadonlySet<string>[],
  ) {}

  static of(demands: readonly Demand[], held: readonly Candidate[]): Coverage {
    const empty = new Coverage(
      demands,
      demands.map(() => new Set<string>()),
    );
    return held.reduce((coverage, candidate) => coverage.with(candidate), empty);
  }

  with(candidate: Candidate): Coverage {
    const marks = this.marks.map((held, at) => {
      const mark = this.demands[at]?.markOf(candidate) ?? null;
      return mark === null || held.has(mark) ? held : new Set([...held, mark]);
    });
    return new Coverage(this.demands, marks);
  }

  /** Demands that are not met, with how many marks each lacks. */
  open(): readonly { readonly demand: Demand; readonly short: number }[] {
    return this.demands.flatMap((demand, at) => {
      const short = demand.need - (this.marks[at]?.size ?? 0);
      return short > 0 ? [{ demand, short }] : [];
    });
  }

  /** Unmet demands that a builder would bring nearer. */
  helped(candidate: Candidate): readonly Demand[] {
    return this.demands.filter((demand, at) => {
      const held = this.marks[at] ?? new Set<string>();
      const mark = demand.markOf(candidate);
      return held.size < demand.need && mark !== null && !held.has(mark);
    });
  }

  has(demand: Demand): number {
    return this.marks[this.demands.indexOf(demand)]?.size ?? 0;
  }
}
