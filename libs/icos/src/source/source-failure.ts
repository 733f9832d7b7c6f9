import { IcosError } from '../error.js';

/** What a failed fetch by commit id means. */
export type FetchFailure = 'cannot-ask-by-id' | 'unavailable' | 'unreachable' | 'other';

/**
 * Git's words for what went wrong. Only what a *server said* counts as unavailable: a verdict
 * stands on that class, and a builder behind a broken line must not help to reach it. A 403 is
 * what a rate limit answers as well.
 */
const WORDS: readonly (readonly [RegExp, FetchFailure])[] = [
  [/unadvertised object|dumb http transport|couldn't find remote ref/, 'cannot-ask-by-id'],
  [/not our ref/, 'unavailable'],
  [/could not read Username|Authentication failed/, 'unavailable'],
  [/repository '.*' not found|Repository not found/, 'unavailable'],
  [/requested URL returned error: (?:401|404|410)/, 'unavailable'],
  [/Could not resolve|Failed to connect|unable to access/, 'unreachable'],
  [/Connection (?:refused|reset|timed out|closed)|timed out|hung up/, 'unreachable'],
  [/early EOF|unexpected disconnect|RPC failed/, 'unreachable'],
  [/does not appear to be a git repository/, 'unreachable'],
];

/** Reads the message of a failed `git fetch`. */
export function readFetchFailure(error: unknown): FetchFailure {
  if (!(error instanceof IcosError) || error.code !== 'GIT_FAILED') return 'other';
  return WORDS.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'other';
}
