import fc from 'fast-check';

/** What a builder does in a round, if it is asked at all. */
export interface DrawnSeat {
  readonly invited: 'at-once' | 'later' | 'never';
  readonly commits: 'in-time' | 'late' | 'after-verdict' | 'never';
  /** Which bytes it built; `failed` built nothing, `copied` promises what another promised. */
  readonly built: 'good' | 'other' | 'third' | 'failed' | 'copied';
  /** Which digests it read as published. */
  readonly read: 'good' | 'other' | 'nothing';
  /** On which sight of the log it shows its result, or when. */
  readonly shows: 'witnessed' | 'unwitnessed' | 'bare' | 'after-verdict' | 'never';
}

/** A round as a property draws it; seats are of the quorum's builders, in their order. */
export interface DrawnRound {
  readonly blind: boolean;
  readonly threshold: string;
  /** When another round is opened on the same release. */
  readonly repeated: 'never' | 'before' | 'meanwhile' | 'after';
  readonly seats: readonly DrawnSeat[];
}

const seatArb: fc.Arbitrary<DrawnSeat> = fc.record({
  invited: oftenest('at-once', 'later', 'never'),
  commits: oftenest('in-time', 'late', 'after-verdict', 'never'),
  built: oftenest('good', 'other', 'third', 'failed', 'copied'),
  read: oftenest('good', 'other', 'nothing'),
  shows: oftenest('witnessed', 'unwitnessed', 'bare', 'after-verdict', 'never'),
});

/**
 * Draws rounds for builders of these operators, one name for each builder, in which builders of
 * two operators at least are invited at once.
 */
export function roundArb(operators: readonly string[]): fc.Arbitrary<DrawnRound> {
  return fc
    .record({
      blind: oftenest(true, false),
      threshold: fc.constantFrom('2/3', '3/5', '4/5', '1/1'),
      repeated: oftenest<DrawnRound['repeated']>('never', 'before', 'meanwhile', 'after'),
      seats: fc.tuple(...operators.map(() => seatArb)),
    })
    .filter(({ seats }) => {
      const asked = operators.filter((_, at) => seats[at]?.invited === 'at-once');
      return new Set(asked).size >= 2;
    });
}

/** The first of these more often than the others together: rounds that come to something. */
function oftenest<T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(first) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );
}
