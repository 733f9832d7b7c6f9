import type { RosterEntry } from '#libs/attestation';
import type { ArtifactReport } from '../report/verdict.js';
import type { NewsProposal } from './news.js';

/** One builder that was asked. */
export interface NewsSeat {
  readonly builder: string;
  readonly operator: string;
}

/** Whom news of a round concern: everybody who was asked, and the groups that hold it. */
export interface NewsAudience {
  readonly seats: readonly NewsSeat[];
  readonly groups: readonly string[];
}

/** What stays the same of a round. */
export interface RoundFacts {
  readonly round: string;
  readonly release: string;
  readonly proposal: NewsProposal | null;
  readonly threshold: string;
  readonly closesAt: string;
  /** Everybody who was invited so far. */
  readonly roster: readonly RosterEntry[];
  /** The groups that it was opened for. */
  readonly groups: readonly string[];
}

/** What another round on the same release came to. */
export interface DecidedBefore {
  readonly round: string;
  readonly artifacts: readonly Pick<ArtifactReport, 'name' | 'verdict'>[];
}

/** A round at a time: what is told follows from two of these. */
export interface RoundMoment {
  readonly facts: RoundFacts;
  readonly phase: 'open' | 'revealing' | 'final';
  /** When it came to this phase, RFC 3339. */
  readonly at: string;
  /** From the close on: who had neither committed nor declined by then. */
  readonly missing: readonly NewsSeat[];
  /** From the verdict on: what was decided, the sentence about it, and what was decided before. */
  readonly artifacts: readonly ArtifactReport[];
  readonly headline: string;
  readonly before: DecidedBefore | null;
  /** Proposals that elect or deploy the release. */
  readonly proposals: readonly string[];
}

/** Lists who was asked. */
export function seatsOf({ roster }: RoundFacts): readonly NewsSeat[] {
  return roster.flatMap(({ operator, builders }) =>
    builders.map(({ builder }) => ({ operator, builder })),
  );
}

/** Says whom news of a round concern. */
export function audienceOf(facts: RoundFacts): NewsAudience {
  return { seats: seatsOf(facts), groups: facts.groups };
}
