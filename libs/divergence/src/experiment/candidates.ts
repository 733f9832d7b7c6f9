import { compareText } from '#libs/encoding';
import type { FactValue, Observation } from '../explanation.js';
import { valueOf } from '../statistics/sample.js';
import type { Question } from './propose-experiment.js';

/** One builder, one fact of it, and the value that it is to have. */
export interface Candidate {
  readonly builder: string;
  readonly fact: string;
  readonly from: FactValue;
  readonly to: FactValue;
  /** Who has that value. */
  readonly like: string;
}

interface Weighed extends Candidate {
  /** How many hypotheses are to be expected to remain. */
  readonly expected: number;
  readonly isSteady: boolean;
  /** Place of the fact among the hypotheses: better ones come first. */
  readonly place: number;
  readonly ownSize: number;
  readonly otherSize: number;
}

/**
 * Gives all changes of one fact that would tell hypotheses apart, the most telling first; among
 * equals those of builders that are steady, then those that make a builder of a small cluster like
 * one of a large cluster.
 */
export function candidatesFor(question: Question): Candidate[] {
  const { observations, hypotheses } = question;
  const facts = [...new Set(hypotheses.flatMap((hypothesis) => hypothesis.facts))];
  return facts
    .flatMap((fact, place) => {
      const expected = expectedAfter(question, fact);
      if (expected >= hypotheses.length) return [];
      return changesOf(observations, fact).map((change): Weighed => ({
        ...change,
        expected,
        place,
        isSteady: question.steady?.includes(change.builder) ?? false,
      }));
    })
    .sort(compareWeighed);
}

function compareWeighed(a: Weighed, b: Weighed): number {
  return (
    a.expected - b.expected ||
    Number(b.isSteady) - Number(a.isSteady) ||
    a.place - b.place ||
    a.ownSize - b.ownSize ||
    b.otherSize - a.otherSize ||
    compareText(a.builder, b.builder) ||
    compareText(a.like, b.like)
  );
}

/**
 * How many hypotheses are to be expected to remain after a change of one fact, all of them equally
 * likely, and of one hypothesis its facts. Where the builder moves, those that name the fact remain;
 * where it stays, all but those that name no other.
 */
function expectedAfter({ hypotheses }: Question, fact: string): number {
  const naming = hypotheses.filter(({ facts }) => facts.includes(fact));
  const moves = naming.reduce((sum, { facts }) => sum + 1 / facts.length, 0) / hypotheses.length;
  const alone = naming.filter(({ facts }) => facts.length === 1).length;
  return moves * naming.length + (1 - moves) * (hypotheses.length - alone);
}

type Change = Omit<Weighed, 'expected' | 'isSteady' | 'place'>;

/** The changes of a fact of which it is clear where they should lead: to one other cluster. */
function changesOf(observations: readonly Observation[], fact: string): Change[] {
  const told = observations.filter((observation) => valueOf(observation, fact) !== null);
  const holders = new Map<string, Observation[]>();
  for (const observation of told) {
    const text = String(valueOf(observation, fact));
    holders.set(text, [...(holders.get(text) ?? []), observation]);
  }
  const sizeOf = (cluster: string): number =>
    observations.filter((observation) => observation.cluster === cluster).length;
  return told.flatMap((observation) =>
    [...holders.values()].flatMap((others) => {
      const [like] = others.toSorted((a, b) => compareText(a.builder, b.builder));
      if (like === undefined || like.cluster === observation.cluster) return [];
      if (others.some(({ cluster }) => cluster !== like.cluster)) return [];
      return {
        builder: observation.builder,
        fact,
        from: valueOf(observation, fact),
        to: valueOf(like, fact),
        like: like.builder,
        ownSize: sizeOf(observation.cluster),
        otherSize: sizeOf(like.cluster),
      };
    }),
  );
}
