import { compareText } from '#libs/encoding';
import type { Ask } from './ask.js';
import type { Candidate } from './candidate.js';
import { Coverage, demandsOf } from './demand.js';
import { obstacleOf, type Span } from './eligibility.js';
import { rank, whyAfter, type Ranked } from './preference.js';
import { fewest } from './search.js';

/** A builder with the reason why it was taken, or left out. */
export interface Reasoned {
  readonly builder: string;
  readonly operator: string;
  /** The end of a sentence that begins with its name; printable as far as its facts are. */
  readonly reason: string;
}

/** A demand that cannot be met, and what would meet it. */
export interface Unmet {
  /** As it is written in an ask. */
  readonly demand: string;
  readonly need: number;
  readonly have: number;
  readonly wants: string;
}

/** Who is to be invited, or why nobody is. */
export type Choice =
  | {
      readonly kind: 'chosen';
      readonly taken: readonly Reasoned[];
      readonly left: readonly Reasoned[];
      /** What they do not meet; nothing but where that was allowed. */
      readonly unmet: readonly Unmet[];
    }
  | {
      readonly kind: 'unmet';
      readonly unmet: readonly Unmet[];
      readonly left: readonly Reasoned[];
    };

/** What a choice is made from, beside the candidates and the ask. */
export interface Circumstances extends Span {
  /** Decides between equals: a round's nonce, which nobody knows beforehand. */
  readonly seed: string;
  /** Builders that are invited already, and that still count for what is asked. */
  readonly kept?: readonly Candidate[];
  /** Takes who brings the demands nearest where they cannot be met; false where it is not told. */
  readonly asFarAsPossible?: boolean;
}

/**
 * Chooses whom to invite: the fewest builders that meet all that is asked, of several such choices the
 * one with builders that are calibrated, there soon, and were not invited for longest. The same for the
 * same builders in any order. Beyond some hundreds that are all different it may take more than the
 * fewest, and then still none that could be spared.
 *
 * @param ask what is asked of the choice; nothing at all takes everybody that can be asked
 */
export function choose(
  candidates: readonly Candidate[],
  ask: Ask,
  { seed, at, until, kept = [], asFarAsPossible = false }: Circumstances,
): Choice {
  const held = new Set(kept.map(({ builder }) => builder));
  const judged = candidates
    .filter(({ builder }) => !held.has(builder))
    .map((candidate) => {
      return { candidate, obstacle: obstacleOf(candidate, ask.each ?? {}, { at, until }) };
    });
  const refused = judged.flatMap(({ candidate, obstacle }) =>
    obstacle === null ? [] : [reasoned(candidate, obstacle)],
  );
  const able = judged.flatMap(({ candidate, obstacle }) => (obstacle === null ? [candidate] : []));
  const ranked = rank(able, seed, at);
  const ordered = ranked.map(({ candidate }) => candidate);
  const asked = demandsOf(ask);
  if (asked.length === 0) {
    const taken = ordered.map((one) => reasoned(one, 'is asked like everybody'));
    return { kind: 'chosen', taken: byName(taken), left: byName(refused), unmet: [] };
  }
  const whole = Coverage.of(asked, [...kept, ...ordered]);
  const unmet = unmetOf(whole);
  if (unmet.length > 0 && !asFarAsPossible) return { kind: 'unmet', unmet, left: byName(refused) };
  // Of each demand as much as there is: then everybody together meets them all.
  const start = Coverage.of(
    asked.map((demand) => ({ ...demand, need: Math.min(demand.need, whole.has(demand)) })),
    kept,
  );
  const taken = fewest(ordered, start);
  return {
    kind: 'chosen',
    taken: byName(takenReasons(taken, start)),
    left: byName([...refused, ...leftReasons(ranked, taken)]),
    unmet,
  };
}

function takenReasons(taken: readonly Candidate[], start: Coverage): readonly Reasoned[] {
  const reasons: Reasoned[] = [];
  let coverage = start;
  for (const candidate of taken) {
    const texts = coverage.helped(candidate).map(({ text }) => text);
    const calibrated = candidate.calibration === 'passed' ? '; it is calibrated' : '';
    reasons.push(reasoned(candidate, `counts for ${texts.join(', ')}${calibrated}`));
    coverage = coverage.with(candidate);
  }
  return reasons;
}

function leftReasons(ranked: readonly Ranked[], taken: readonly Candidate[]): readonly Reasoned[] {
  const chosen = new Set(taken);
  const last = ranked.findLast(({ candidate }) => chosen.has(candidate));
  return ranked
    .filter(({ candidate }) => !chosen.has(candidate))
    .map((other) => {
      const why = last === undefined ? 'nothing is missing' : whyAfter(other, last);
      return reasoned(other.candidate, `is not needed: ${why}`);
    });
}

function unmetOf(coverage: Coverage): readonly Unmet[] {
  return coverage.open().map(({ demand, short }) => ({
    ...{ demand: demand.text, need: demand.need },
    ...{ have: coverage.has(demand), wants: demand.lack(short) },
  }));
}

function reasoned({ builder, operator }: Candidate, reason: string): Reasoned {
  return { builder, operator, reason };
}

function byName(reasons: readonly Reasoned[]): readonly Reasoned[] {
  return reasons.toSorted(
    (a, b) => compareText(a.operator, b.operator) || compareText(a.builder, b.builder),
  );
}
