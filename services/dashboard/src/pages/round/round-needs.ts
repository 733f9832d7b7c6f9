import type { Need } from '../../route.js';

/** Most logged statements of a round that its page is given; the report tells of what is older. */
const ENTRIES = 100;

/** What the page of a round is drawn from, by the name under which it finds each answer. */
export function roundNeeds(
  round: string,
): Readonly<Record<'report' | 'explanation' | 'entries' | 'logs' | 'roundGroups', Need>> {
  const base = `/v1/rounds/${encodeURIComponent(round)}`;
  return {
    report: { path: `${base}/report` },
    explanation: { path: `${base}/explanation`, isOptional: true },
    entries: {
      path: `/v1/attestations?round=${encodeURIComponent(round)}&limit=${ENTRIES}`,
      isOptional: true,
    },
    logs: { path: `${base}/logs`, isOptional: true },
    roundGroups: { path: `${base}/groups`, isOptional: true },
  };
}
