import { countRound } from '../rounds/round-ballot.js';
import type { LoadedRound } from '../rounds/round-store.js';
import { splitArtifacts, type SplitArtifact } from './split-artifacts.js';

/** What split in a round, and how it goes together. */
export interface RoundSplits {
  /** Those that are embedded in others come first. */
  readonly splits: readonly SplitArtifact[];
  /** Of each the artifacts that split as well and whose differences are enough to explain it. */
  readonly impliedBy: ReadonlyMap<string, readonly string[]>;
  /** What readers call each builder: its operator, and which of the operator's it is. */
  readonly names: Readonly<Record<string, string>>;
}

/** Tells what split in a round that was decided. */
export function roundSplits(loaded: LoadedRound): RoundSplits {
  const splits = splitArtifacts(loaded);
  const split = new Set(splits.map(({ name }) => name));
  // The flags that depend on the log's name and on other rounds are of no concern here.
  const verdicts = countRound(loaded, { isRepeated: false, origin: '' });
  const impliedBy = new Map(
    verdicts.map(({ name, impliedBy: by }) => [name, by.filter((it) => split.has(it))]),
  );
  const depth = ({ name }: SplitArtifact): number => impliedBy.get(name)?.length ?? 0;
  return {
    splits: splits.toSorted((a, b) => depth(a) - depth(b)),
    impliedBy,
    names: namesOf(loaded),
  };
}

function namesOf({ builders }: LoadedRound): Readonly<Record<string, string>> {
  const counts = Map.groupBy(builders, ({ operator }) => operator);
  return Object.fromEntries(
    builders.map(({ builder, operator }) => {
      const isOnly = (counts.get(operator)?.length ?? 0) < 2;
      return [builder, isOnly ? operator : `${operator} (${builder.slice(0, 5)})`];
    }),
  );
}
