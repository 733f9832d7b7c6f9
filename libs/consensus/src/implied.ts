import type { Sha256 } from '#libs/encoding';
import type { ArtifactQuestion } from './claim.js';
import type { Vote } from './vote.js';

/** Votes and expected digest of one artifact, as far as implications need them. */
export interface Counted {
  readonly question: ArtifactQuestion;
  readonly votes: ReadonlyMap<string, Vote>;
  readonly expected: Sha256 | null;
}

/**
 * Names the embedded artifacts whose own differences are enough to explain this artifact's. What is
 * published counts as one more voter. If any two voters differ here without differing in something
 * embedded, there is a difference of this artifact's own and nothing is implied.
 */
export function impliedBy(outer: Counted, all: ReadonlyMap<string, Counted>): readonly string[] {
  // A release that says an artifact embeds itself must not explain its difference by itself.
  const names = [...new Set(outer.question.embeds)].filter((name) => name !== outer.question.name);
  const embedded = names.flatMap((name) => all.get(name) ?? []);
  if (embedded.length === 0) return [];
  const mine = digestsByVoter(outer);
  if (new Set(mine.values()).size < 2) return [];
  const theirs = embedded.map((inner) => ({
    name: inner.question.name,
    digests: digestsByVoter(inner),
  }));
  const causes = new Set<string>();
  const voters = [...mine];
  for (const [at, [voter, digest]] of voters.entries()) {
    for (const [other, otherDigest] of voters.slice(at + 1)) {
      if (digest === otherDigest) continue;
      const differing = theirs.filter(({ digests }) => {
        const [a, b] = [digests.get(voter), digests.get(other)];
        return a !== undefined && b !== undefined && a !== b;
      });
      if (differing.length === 0) return [];
      for (const { name } of differing) causes.add(name);
    }
  }
  return names.filter((name) => causes.has(name));
}

function digestsByVoter({ votes, expected }: Counted): ReadonlyMap<string, Sha256> {
  const digests = new Map<string, Sha256>();
  for (const [operator, vote] of votes) {
    if (vote.kind === 'digest') digests.set(`operator ${operator}`, vote.digest);
  }
  if (expected !== null) digests.set('published', expected);
  return digests;
}
