import type { Testable } from '../experiment/apply-outcome.js';
import type { Suspicion } from '../explanation.js';

/** Something that may be at work; `facts` are those that an experiment could change. */
export interface Hypothesis extends Testable {
  readonly variesAlone: boolean;
  /** Whether its trace is enough, with no fact to go with it. */
  readonly isFactless: boolean;
  /** As it is told, with facts that merely go with it. */
  readonly suspicion: Suspicion;
  /** All facts that speak of it: another group of facts is another hypothesis. */
  readonly touches: ReadonlySet<string>;
}

/** Takes hypotheses of one cause together, in the order in which they come. */
export function distinct(hypotheses: readonly Hypothesis[]): readonly Hypothesis[] {
  const byCause = Map.groupBy(hypotheses, ({ cause }) => cause);
  return [...byCause.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const more = same.length - 1;
    const facts = [...new Set(same.flatMap(({ suspicion }) => suspicion.facts))];
    const because =
      more === 0 ? first.suspicion.because : `${first.suspicion.because}; ${more} more`;
    const touches = new Set(same.flatMap((each) => [...each.touches]));
    return [{ ...first, touches, suspicion: { ...first.suspicion, facts, because } }];
  });
}
