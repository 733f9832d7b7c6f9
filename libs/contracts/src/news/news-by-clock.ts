import { plain } from '../report/plain.js';
import { aboutOf, subjectOf } from './news-between.js';
import type { News, NewsProposal } from './news.js';
import type { NewsSeat, RoundFacts } from './round-moment.js';

/** An open round, and when each builder that it waits for counts as vanished if nothing more is heard. */
export interface WatchedRound {
  readonly facts: RoundFacts;
  readonly waiting: readonly (NewsSeat & { readonly vanishesAtMs: number })[];
}

/** A proposal that elects something, and how far its newest round is. */
export interface WatchedProposal {
  readonly proposal: NewsProposal & { readonly deadlineAt: string };
  readonly release: string | null;
  readonly round: string | null;
  readonly state: 'no-round' | 'open' | 'revealing' | 'undecided' | 'decided';
}

/** What the clock is held against. */
export interface Watched {
  readonly rounds: readonly WatchedRound[];
  readonly proposals: readonly WatchedProposal[];
  /** How long before the end of voting its lack of a verdict is news, in milliseconds. */
  readonly nearMs: number;
}

/** Tells what is new because time has passed. Asked again it tells the same, under the same ids. */
export function newsByClock({ rounds, proposals, nearMs }: Watched, now: Date): readonly News[] {
  const timestamp = now.toISOString();
  return [
    ...rounds.flatMap(({ facts, waiting }) =>
      waiting
        .filter(({ vanishesAtMs }) => vanishesAtMs <= now.getTime())
        .map((seat) => vanished(seat, facts, timestamp)),
    ),
    ...proposals.flatMap((watched) => near(watched, nearMs, now)),
  ];
}

function vanished({ builder, operator }: NewsSeat, facts: RoundFacts, timestamp: string): News {
  const summary = `${subjectOf(facts)}nothing is heard of ${operator}'s builder ${builder.slice(0, 11)}, which was asked to build.`;
  return {
    type: 'builder.vanished',
    timestamp,
    data: { ...aboutOf(facts, summary), operator: plain(operator), builder },
  };
}

const STATES = {
  'no-round': 'no round was opened',
  open: 'its round is still open',
  revealing: 'its round is closed, and not decided',
  undecided: 'too few builders answered to decide',
} as const;

function near(
  { proposal, release, round, state }: WatchedProposal,
  nearMs: number,
  now: Date,
): readonly News[] {
  const leftMs = Date.parse(proposal.deadlineAt) - now.getTime();
  if (state === 'decided' || leftMs <= 0 || leftMs > nearMs) return [];
  const summary = `Proposal ${proposal.id}: voting ends at ${proposal.deadlineAt}, and there is no verdict: ${STATES[state]}.`;
  return [
    {
      type: 'deadline.near',
      timestamp: now.toISOString(),
      data: { summary: plain(summary, 1000), proposal, release, round, state },
    },
  ];
}
