import type { Sha256 } from '#libs/encoding';
import type { ArtifactQuestion, Standing } from './claim.js';
import { clusterVotes, type Cluster } from './cluster.js';
import { expectationOf, type Expectation } from './expected.js';
import { flagsOf, type Flag } from './flags.js';
import { impliedBy } from './implied.js';
import { checkRoster, type Roster } from './roster.js';
import { votesNeeded, type Threshold } from './threshold.js';
import { decideArtifact, type Phase, type Verdict } from './verdict.js';
import { claimsOf, standingOf, voteOf, type Vote } from './vote.js';

/** A builder of an operator, as result lists name it. */
export interface Member {
  readonly operator: string;
  readonly builder: string;
}

/** The verdict on one artifact with everything that led to it. */
export interface ArtifactVerdict {
  readonly name: string;
  readonly elected: boolean;
  readonly expected: Sha256 | null;
  readonly verdict: Verdict;
  /** How many operators have to agree. */
  readonly needed: number;
  readonly flags: readonly Flag[];
  readonly clusters: readonly Cluster[];
  readonly failed: readonly (Member & { readonly stage: string; readonly class: string })[];
  /** Builders that gave no result, or built without this artifact. */
  readonly missing: readonly Member[];
  readonly unrevealed: readonly Member[];
  readonly late: readonly Member[];
  readonly selfContradicting: readonly {
    readonly operator: string;
    readonly votes: readonly { readonly builder: string; readonly digest: Sha256 }[];
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
  const counted = new Map(
    ballot.questions.map((question) => [question.name, count(ballot, question, needed)]),
  );
  return ballot.questions.map((question) => {
    const own = counted.get(question.name) ?? count(ballot, question, needed);
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
      selfContradicting: [...own.votes].flatMap(([operator, vote]) =>
        vote.kind === 'self-contradicting' ? [{ operator, votes: vote.votes }] : [],
      ),
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

function membersOf(
  ballot: Ballot,
  artifact: string,
): Pick<ArtifactVerdict, 'failed' | 'missing' | 'unrevealed' | 'late'> {
  const failed: (Member & { stage: string; class: string })[] = [];
  const missing: Member[] = [];
  const unrevealed: Member[] = [];
  const late: Member[] = [];
  for (const { operator, builders } of ballot.roster) {
    for (const builder of builders) {
      const member = { operator, builder };
      const standing = standingOf(ballot.standings, builder);
      const claims = claimsOf(standing);
      const failure = claims.find((claim) => claim.kind === 'failed');
      if (ballot.late.has(builder)) late.push(member);
      else if (standing.kind === 'unrevealed') unrevealed.push(member);
      else if (claims.some((claim) => claim.kind === 'built' && claim.digests.has(artifact)))
        continue;
      else if (failure !== undefined) {
        failed.push({ ...member, stage: failure.stage, class: failure.class });
      } else missing.push(member);
    }
  }
  return { failed, missing, unrevealed, late };
}
