const PROOFS = 300;
/** Laps of other leaves each, of which the last counts: a server's heap has its size, and its code is compiled. */
const LAPS = 4;

/** What the proofs of one tree took. */
export interface Taken {
  readonly leaves: number;
  readonly tookMs: readonly number[];
  /** Queries of one proof: the same number for each. */
  readonly reads: number;
}

/** Leaves all over the tree, its edges among them, for each lap; the same ones in every run. */
export function samplesOf(size: number): readonly (readonly number[])[] {
  return Array.from({ length: LAPS }, (_, lap) => {
    const first = 17 + lap * 1_000_003;
    const spread = Array.from({ length: PROOFS }, (_, at) => (at * 7_919_993 + first) % size);
    return [...new Set([0, size - 1, ...spread])];
  });
}
