import type { ArtifactVerdict } from '#libs/consensus';
import type { Auditor } from './auditor.js';
import type { Seats } from './auditor-ballot.js';
import type { Replay } from './replay.js';
import type { Rule, RuleResult } from './rule.js';

/** What the rules of one artifact look at. */
export interface ArtifactFacts {
  readonly auditor: Auditor;
  readonly replay: Replay;
  readonly seats: readonly Seats[];
}

const VIRTUALISATION = 'machine.virtualisation';
const HOST = 'os.id';

/** Judges one required artifact; a verdict of null says that the round did not ask for it. */
export function judgeArtifact(
  facts: ArtifactFacts,
  name: string,
  verdict: ArtifactVerdict | null,
): readonly RuleResult[] {
  const say = (rule: Rule, isKept: boolean, message: string, evidence: number[]): RuleResult => ({
    ...{ rule, artifact: name, isKept, message, evidence },
  });
  if (verdict === null) return [say('votes', false, 'the round does not ask for it', [])];
  const { policy, needed } = facts.auditor;
  // Reproduced means that this cluster has the expected digest, and votes enough.
  const winner = verdict.clusters.find(({ operators }) => operators.length >= needed);
  const voters = winner?.operators ?? [];
  const seats = facts.seats.filter(({ operator }) => voters.includes(operator));
  const builders = seats
    .flatMap(({ counted }) => counted)
    .filter((it) => winner?.builders.includes(it));
  const evidence = evidenceOf(facts.replay, builders);
  const isReproduced = verdict.verdict === 'reproduced';
  const votes = `${verdict.verdict}, by ${voters.length} of ${policy.operators.length} operators: at least ${needed}`;
  const results = [say('votes', isReproduced, votes, evidence)];
  if (policy.maxVotesPerGroup !== undefined) {
    const count = cappedVotes(seats, policy.maxVotesPerGroup);
    const message = `${count} votes of at least ${needed}, at most ${policy.maxVotesPerGroup} a group`;
    results.push(say('group-limit', count >= needed, message, evidence));
  }
  if (policy.workShown === true) {
    const isShown = verdict.flags.includes('work-shown');
    const message = isShown ? 'shown by what the builds left on their way' : 'claimed, not shown';
    results.push(say('work-shown', isShown, message, evidence));
  }
  const distinct = (rule: Rule, fact: string, least: number | undefined): void => {
    if (least === undefined) return;
    const kinds = factsOf(facts.replay, builders, fact);
    const message = `${kinds.length} of ${least} kinds: ${kinds.join(', ') || 'none told'}`;
    results.push(say(rule, kinds.length >= least, message, evidence));
  };
  distinct('distinct-virtualisation', VIRTUALISATION, policy.distinctVirtualisation);
  distinct('distinct-hosts', HOST, policy.distinctHosts);
  return results;
}

function evidenceOf({ commitIndexes, results }: Replay, builders: readonly string[]): number[] {
  return builders
    .flatMap((builder) => [
      commitIndexes.get(builder) ?? [],
      results.get(builder)?.entry.index ?? [],
    ])
    .flat()
    .toSorted((a, b) => a - b);
}

/** Votes when operators of one group count together no more than `most`. */
function cappedVotes(seats: readonly Seats[], most: number): number {
  const groups = Map.groupBy(seats, ({ group, operator }) =>
    group === null ? `operator ${operator}` : `group ${group}`,
  );
  return [...groups.values()].reduce((sum, own) => sum + Math.min(own.length, most), 0);
}

/** What the builders tell of a fact, each answer once. A withheld fact is no answer. */
function factsOf({ results }: Replay, builders: readonly string[], fact: string): string[] {
  const told = builders.map((builder) => results.get(builder)?.result.environment.facts[fact]);
  return [...new Set(told.filter((value) => typeof value === 'string'))].toSorted();
}
