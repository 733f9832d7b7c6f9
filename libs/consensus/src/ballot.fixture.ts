import { sha256, type Sha256 } from '#libs/encoding';
import type { ArtifactQuestion, Claim, Observation, Standing, WorkDigests } from './claim.js';
import { decide, type ArtifactVerdict, type Ballot } from './decide.js';
import type { Roster } from './roster.js';
import { parseThreshold } from './threshold.js';

/** The one artifact of most ballots. */
export const ARTIFACT = 'guestos/update-img';

/** Digests by short name; `expected` is what the proposal names. */
export const DIGESTS = {
  expected: sha256('expected'),
  x: sha256('x'),
  y: sha256('y'),
  z: sha256('z'),
} as const;

/** What one builder of a ballot comes to: a digest by name, a failure class, or nothing said. */
export type Said =
  keyof typeof DIGESTS | 'failed' | 'source-unavailable' | 'absent' | 'outstanding' | 'unrevealed';

/** A builder that built these artifacts. */
export function built(
  builder: string,
  digests: Readonly<Record<string, Sha256>>,
  observations: readonly Observation[] = [],
): Claim {
  return { kind: 'built', builder, digests: new Map(Object.entries(digests)), observations };
}

/** The same claim with what the build left on its way to an artifact, bound to one round. */
export function showing(
  claim: Claim,
  work: Readonly<Record<string, Sha256 | null>>,
  artifact = ARTIFACT,
  round = 'this round',
): Claim {
  if (claim.kind !== 'built') return claim;
  const left = Object.entries(work).map(([name, digest]): [string, WorkDigests | null] => [
    name,
    digest === null ? null : { sha256: digest, bound: sha256(`${round} ${digest}`) },
  ]);
  return { ...claim, intermediates: new Map([[artifact, new Map(left)]]) };
}

/** A builder that failed. */
export function failed(builder: string, failureClass = 'out-of-space', stage = 'build'): Claim {
  return { kind: 'failed', builder, stage, class: failureClass };
}

/** Where a builder stands that said these things. */
export function said(...claims: readonly Claim[]): Standing {
  return { kind: 'said', claims };
}

/** What was read on a CDN's SHA256SUMS. */
export function reading(
  digest: Sha256,
  artifact = ARTIFACT,
  source: Observation['source'] = 'cdn-sums',
): Observation {
  return { artifact, source, url: 'https://download.example/SHA256SUMS', digest };
}

/** One operator a name, with one builder each: `alice` answers for `alice-1`. */
export function soloRoster(operators: readonly string[]): Roster {
  return operators.map((operator) => ({ operator, builders: [`${operator}-1`] }));
}

/** Turns a short word into where a builder stands with {@link ARTIFACT}. */
export function standingFor(builder: string, word: Said): Standing {
  switch (word) {
    case 'absent':
    case 'outstanding':
    case 'unrevealed':
      return { kind: word };
    case 'failed':
      return said(failed(builder));
    case 'source-unavailable':
      return said(failed(builder, 'source-unavailable', 'source'));
    case 'expected':
    case 'x':
    case 'y':
    case 'z':
      return said(built(builder, { [ARTIFACT]: DIGESTS[word] }));
  }
}

/** Asks for {@link ARTIFACT}: elected, with {@link DIGESTS} `expected`. */
export function question(over: Partial<ArtifactQuestion> = {}): ArtifactQuestion {
  return { name: ARTIFACT, elected: true, expected: DIGESTS.expected, embeds: [], ...over };
}

/** A final ballot on {@link ARTIFACT} in which nobody has said anything. */
export function ballotOf(over: Partial<Ballot> & Pick<Ballot, 'roster'>): Ballot {
  return {
    threshold: parseThreshold('3'),
    phase: 'final',
    questions: [question()],
    standings: new Map(),
    late: new Set(),
    roundFlags: new Map(),
    ...over,
  };
}

/** A ballot of operators with one builder each, by what each of them said. */
export function soloBallot(words: readonly Said[], over: Partial<Ballot> = {}): Ballot {
  const roster = soloRoster(words.map((_, at) => `op${at + 1}`));
  return ballotOf({
    roster,
    standings: new Map(
      words.map((word, at): [string, Standing] => {
        const builder = `op${at + 1}-1`;
        return [builder, standingFor(builder, word)];
      }),
    ),
    ...over,
  });
}

/** Decides a ballot that asks for one artifact. */
export function decideOne(ballot: Ballot): ArtifactVerdict {
  const [verdict] = decide(ballot);
  if (verdict === undefined) throw new Error('the ballot asks for nothing');
  return verdict;
}

/** Sizes of a verdict's clusters, in their order. */
export function sizesOf({ clusters }: Pick<ArtifactVerdict, 'clusters'>): readonly number[] {
  return clusters.map(({ operators }) => operators.length);
}
