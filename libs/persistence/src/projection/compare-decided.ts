import { canonicalJson, compareText, quote } from '#libs/encoding';
import type { Difference } from './compare.js';
import type { DecidedRound } from './decided-round.js';
import type { storedDecided } from './decided-rows.js';

type Stored = Awaited<ReturnType<typeof storedDecided>>;

/** Holds what lists are read from against what the log makes of it; null when all is the same. */
export function compareDecided(
  round: string,
  decided: DecidedRound | null,
  stored: Stored,
): Difference | null {
  const expected = {
    ...{ round_summary: decided?.summary ?? null, artifact_cluster: decided?.clusters ?? [] },
    round_standing: (decided?.standings ?? []).toSorted((a, b) =>
      compareText(a.builder, b.builder),
    ),
  };
  const found = {
    ...{ round_summary: stored.summary, artifact_cluster: stored.clusters },
    round_standing: stored.standings.toSorted((a, b) => compareText(a.builder, b.builder)),
  };
  for (const table of ['round_summary', 'artifact_cluster', 'round_standing'] as const) {
    const [said, has] = [textOf(expected[table]), textOf(found[table])];
    if (said === has) continue;
    const detail = `table ${table} has ${quote(has)}, but the log says ${quote(said)}`;
    return { where: `round ${round}`, detail };
  }
  return null;
}

/** JSON as the database gives it back: dates as texts, absent fields left out. */
function textOf(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)));
}
