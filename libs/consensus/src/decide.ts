import { compareText, type Sha256 } from '#libs/encoding';
import type { ArtifactQuestion, Standing } from './claim.js';
import { clusterVotes, type Cluster } from './cluster.js';
import { expectationOf, type Expectation } from './expected.js';
import { flagsOf, type Flag } from './flags.js';
import { impliedBy } from './implied.js';
import { membersOf, type Members } from './members.js';
import { checkRoster, type Roster } from './roster.js';
import { votesNeeded, type Threshold } from './threshold.js';
import { decideArtifact, type Phase, type Verdict } from './verdict.js';
import { voteOf, type BuilderVote, type Vote } from './vote.js';

/** The verdict on one artifact with everything that led to it. */
export interface ArtifactVerdict extends Members {
  readonly name: string;
  readonly elected: boolean;
  readonly expected: Sha256 | null;
  readonly verdict: Verdict;
  /** How many operators have to agree. */
  readonly needed: number;
  readonly flags: readonly Flag[];
  readonly clusters: readonly Cluster[];
  readonly selfContradicting: readonly {
    readonly operator: string;
    readonly votes: readonly BuilderVote[];
  }[];
  readonly impliedBy: readonly string[];
}

/** One round, or one set of loose attestations, as the rules see it. */
export interface Ballot {
  readonly roster: Roster;
  readonly threshold: Threshold;
  readonly phase: Phase;
  readonly questions: readonly ArtifactQuestion[];
  readonly standings: ReadonlyMap<string, Standing>;
  /** Builders whose commit came at or after the round's close. */
  readonly late: ReadonlySet<string>;
  /** Flags of the whole round by artifact; `*` stands for all of them. */
  readonly roundFlags: ReadonlyMap<string, readonly Flag[]>;
}

/**
 * Decides every artifact of a ballot. Depends on nothing but its argument: same ballot, same result,
 * in whatever order builders are listed or spoke.
 *
 * @throws ConsensusError for a roster or threshold that could not give a sound verdict
 */
export function decide(ballot: Ballot): readonly ArtifactVerdict[] {
  checkRoster(ballot.roster);
  const needed = votesNeeded(ballot.threshold, ballot.roster.length);
  const all = ballot.questions.map((question) => count(ballot, question, needed));
  const counted = new Map(all.map((own) => [own.question.name, own]));
  return all.map((own) => {
    const { question } = own;
    const implied = impliedBy(own, counted);
    const verdict = decideArtifact({ ...own, needed, phase: ballot.phase });
    const members = membersOf(ballot, question.name);
    return {
      name: question.name,
      elected: question.elected,
      expected: own.expected,
      verdict,
      needed,
      flags: flagsOf({
        question,
        verdict,
        clusters: own.clusters,
        expected: own.expected,
        needed,
        impliedBy: implied,
        isUnrevealed: members.unrevealed.length > 0,
        isLate: members.late.length > 0,
        round: [
          ...(ballot.roundFlags.get('*') ?? []),
          ...(ballot.roundFlags.get(question.name) ?? []),
        ],
        roster: ballot.roster,
        standings: ballot.standings,
      }),
      clusters: own.clusters,
      ...members,
      selfContradicting: [...own.votes]
        .flatMap(([operator, vote]) =>
          vote.kind === 'self-contradicting' ? [{ operator, votes: vote.votes }] : [],
        )
        .toSorted((a, b) => compareText(a.operator, b.operator)),
      impliedBy: implied,
    };
  });
}

interface CountedQuestion {
  readonly question: ArtifactQuestion;
  readonly votes: ReadonlyMap<string, Vote>;
  readonly clusters: readonly Cluster[];
  readonly expected: Sha256 | null;
  readonly expectation: Expectation;
}

function count(ballot: Ballot, question: ArtifactQuestion, needed: number): CountedQuestion {
  const { roster, standings } = ballot;
  const votes = new Map(
    roster.map((entry) => [entry.operator, voteOf(entry, question.name, standings)]),
  );
  const expectation = expectationOf(question, roster, standings, needed);
  const expected = expectation.digest;
  return { question, votes, expected, expectation, clusters: clusterVotes(votes, expected) };
}
