import type { Sha256 } from '#libs/encoding';

/** Where a published digest was read. */
export type PublishedSource = 'cdn-sums' | 'cdn-bytes' | 'proposal-url';

/** What one builder saw published for an artifact; a source that could not be read has no entry. */
export interface Observation {
  readonly artifact: string;
  readonly source: PublishedSource;
  readonly url: string;
  readonly digest: Sha256;
}

/** Digests of one file that a build left on its way: its own, and the one bound to the round. */
export interface WorkDigests {
  readonly sha256: Sha256;
  readonly bound: Sha256;
}

/**
 * What one builder is known to have said. Signature, round and release were checked before a claim
 * exists: nothing here sees an envelope, so no rule below can forget a signature.
 */
export type Claim =
  | {
      readonly kind: 'built';
      readonly builder: string;
      readonly digests: ReadonlyMap<string, Sha256>;
      readonly observations: readonly Observation[];
      /**
       * By artifact: digests of what the build left on its way to it, by name. Null for what the
       * build should have left and did not; absent from builders that tell none.
       */
      readonly intermediates?: ReadonlyMap<string, ReadonlyMap<string, WorkDigests | null>>;
    }
  | {
      readonly kind: 'failed';
      readonly builder: string;
      readonly stage: string;
      readonly class: string;
    };

/** Where one invited builder stands when the votes are counted. */
export type Standing =
  /** It may still say something that counts. */
  | { readonly kind: 'outstanding' }
  /** It committed nothing before the round closed. */
  | { readonly kind: 'absent' }
  /** It committed, and never showed what to: its operator's vote is void. */
  | { readonly kind: 'unrevealed' }
  /** It said these things. More than one only where loose files are tallied. */
  | { readonly kind: 'said'; readonly claims: readonly Claim[] };

/** What is asked of the builders about one artifact. */
export interface ArtifactQuestion {
  readonly name: string;
  /** Whether the proposal elects this very artifact; all others are advisory. */
  readonly elected: boolean;
  /** The digest that the certified payload, or the release file, names. */
  readonly expected: Sha256 | null;
  /** Names of artifacts whose bytes are inside this one. */
  readonly embeds: readonly string[];
}
