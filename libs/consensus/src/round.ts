import type { Claim, Standing } from './claim.js';
import { advance } from './lifecycle.js';
import type { Phase } from './verdict.js';

/** One logged entry of a round, verified, in the order of its log index. */
export type RoundEntry =
  | { readonly kind: 'amend' }
  | { readonly kind: 'decline'; readonly builder: string }
  | { readonly kind: 'commit'; readonly builder: string; readonly commitment: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'reveal'; readonly commitment: string; readonly claim: Claim }
  | { readonly kind: 'verdict' };

/** Where a round stands after a prefix of the log. */
export interface RoundState {
  readonly phase: Phase;
  /** What RoundOpen says: whether results stay with their builders until the close. */
  readonly isBlind: boolean;
  /** Commitment (hex digest) by builder; the first one logged holds. */
  readonly commits: ReadonlyMap<string, string>;
  /** Builders that said they would not build, and have not committed since. */
  readonly declined: ReadonlySet<string>;
  /** Builders that committed first between the close and the verdict. */
  readonly late: ReadonlySet<string>;
  readonly claims: ReadonlyMap<string, Claim>;
}

/** The state right after RoundOpen, of a blind round. */
export const OPENED: RoundState = {
  phase: 'open',
  isBlind: true,
  commits: new Map(),
  declined: new Set(),
  late: new Set(),
  claims: new Map(),
};

/**
 * Takes one more entry. Repeats change nothing, nor does anything after the verdict: else what was
 * signed would not follow from the log any more. A reveal counts only for the builder whose counted
 * commit it opens.
 *
 * @throws ConsensusError FORBIDDEN_TRANSITION as {@link advance} has it
 */
export function applyEntry(state: RoundState, entry: RoundEntry): RoundState {
  const { to: phase, effect } = advance(state.phase, entry.kind, state.isBlind);
  switch (entry.kind) {
    case 'commit': {
      // The first commit binds: a second one would be a second try after seeing others commit.
      if (state.commits.has(entry.builder)) return state;
      if (effect === 'late') {
        return { ...state, phase, late: new Set([...state.late, entry.builder]) };
      }
      if (effect !== 'counts') return { ...state, phase };
      const commits = new Map(state.commits).set(entry.builder, entry.commitment);
      const declined = new Set([...state.declined].filter((builder) => builder !== entry.builder));
      return { ...state, phase, commits, declined };
    }
    case 'decline': {
      // What it promised stays promised: else whoever dislikes a result could have its commit forgotten.
      if (state.commits.has(entry.builder)) return state;
      return { ...state, phase, declined: new Set([...state.declined, entry.builder]) };
    }
    case 'reveal': {
      const { builder } = entry.claim;
      const isCounted =
        effect === 'counts' &&
        state.commits.get(builder) === entry.commitment &&
        !state.claims.has(builder);
      if (!isCounted) return { ...state, phase };
      return { ...state, phase, claims: new Map(state.claims).set(builder, entry.claim) };
    }
    case 'amend':
    case 'close':
    case 'verdict':
      return { ...state, phase };
  }
}

/** Derives where each invited builder stands. */
export function standingsOf(
  state: RoundState,
  builders: readonly string[],
): ReadonlyMap<string, Standing> {
  return new Map(builders.map((builder) => [builder, standingIn(state, builder)]));
}

function standingIn(state: RoundState, builder: string): Standing {
  const claim = state.claims.get(builder);
  if (claim !== undefined) return { kind: 'said', claims: [claim] };
  if (state.phase === 'open') return { kind: 'outstanding' };
  if (!state.commits.has(builder)) return { kind: 'absent' };
  return { kind: state.phase === 'revealing' ? 'outstanding' : 'unrevealed' };
}

/**
 * Tells whether nothing is left to wait for before the close: everyone invited has committed or
 * declined.
 */
export function isReadyToClose(state: RoundState, builders: readonly string[]): boolean {
  const { phase, commits, declined } = state;
  return (
    phase === 'open' && builders.every((builder) => commits.has(builder) || declined.has(builder))
  );
}

/** Tells whether nothing is left to wait for before the verdict: every counted commit is revealed. */
export function isReadyToDecide(state: RoundState): boolean {
  return (
    state.phase === 'revealing' &&
    [...state.commits.keys()].every((builder) => state.claims.has(builder))
  );
}
